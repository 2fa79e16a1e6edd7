//! Catches panics of the database, which some damaged pages cause.
//!
//! A caught panic is an error of the store and is not printed: a backtrace in the terminal would help nobody. All other
//! panics are printed as before.

use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// True while the thread runs guarded code.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
    /// The text of the last guarded panic, with its place in the code.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs code and returns its result, or the message of its panic. Nothing is printed about the panic.
///
/// Values that the code was changing may be incomplete after a panic.
pub fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(silence_guarded_panics);
    let was_guarded = IS_GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(was_guarded);
    result.map_err(|_| LAST_PANIC.take())
}

fn silence_guarded_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // The thread-locals are gone while the thread ends.
        if IS_GUARDED.try_with(Cell::get).unwrap_or_default() {
            let text = info.to_string().replace('\n', " ");
            let _ = LAST_PANIC.try_with(|last| last.replace(text));
        } else {
            print(info);
        }
    }));
}

/// A value of the database whose destructor may panic.
pub(crate) struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Returns the value. Its destructor is no longer guarded.
    pub(crate) fn into_inner(mut self) -> T {
        self.0.take().expect("the value is only taken here and by the destructor")
    }
}

impl<T> Deref for Guarded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("the value is only taken at the end")
    }
}

impl<T> DerefMut for Guarded<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("the value is only taken at the end")
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        // The file is then repaired by the next start, as after a crash.
        let _ = catch_panic(|| drop(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("in the destructor");
        }
    }

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(catch_panic(|| 7), Ok(7));
        let text = catch_panic(|| -> u8 { panic!("page {}", 3) }).expect_err("it panics");
        assert!(text.contains("panic_guard.rs") && text.ends_with("page 3"), "{text}");
        let inner = catch_panic(|| catch_panic(|| -> u8 { panic!("inner") })).expect("the inner one catches it");
        assert!(inner.expect_err("it panics").ends_with("inner"));
    }

    #[test]
    fn a_panic_of_a_destructor_is_caught() {
        drop(Guarded::new(PanicsOnDrop));
    }
}
