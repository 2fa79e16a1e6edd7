// The place of a saved file.
import { type JSX, Show } from 'solid-js';
import { text } from '../strings';
import { Path } from './path';

/** Without a path, the browser has downloaded the file to a place of its own. */
export function SavedNote(props: { path: string | null }): JSX.Element {
  return (
    <Show when={props.path} fallback={text.downloaded}>
      {(path) => (
        <>
          {text.savedTo} <Path value={path()} />
        </>
      )}
    </Show>
  );
}
