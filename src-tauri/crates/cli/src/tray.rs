//! stub until the item is there
