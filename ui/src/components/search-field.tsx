// A search field with its icon. The key `/` focuses it from anywhere on the page; the first Escape clears it.
import type { JSX } from 'solid-js';
import { hasNoModifier, isTextField, useKeyHandler } from '../lib/key-handlers';
import { Search } from './icons';
import './search-field.css';

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onInput: (value: string) => void;
  testid: string;
}

export function SearchField(props: SearchFieldProps): JSX.Element {
  let field!: HTMLInputElement;
  useKeyHandler((event) => {
    if (event.key === '/' && hasNoModifier(event) && !isTextField(event.target)) {
      field.focus();
      field.select();
      return true;
    }
    // The first Escape clears the search, the next one closes the popover.
    if (event.key !== 'Escape' || props.value === '') return false;
    props.onInput('');
    return true;
  });
  return (
    <div class="search-field">
      <Search />
      <input
        ref={(element) => (field = element)}
        class="input"
        type="search"
        aria-label={props.label}
        aria-keyshortcuts="/"
        placeholder={props.placeholder}
        autocomplete="off"
        spellcheck={false}
        data-testid={props.testid}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <kbd class="search-field__key" aria-hidden="true">
        /
      </kbd>
    </div>
  );
}
