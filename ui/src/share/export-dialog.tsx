// The dialog that exports days to a file: what the file contains, a choice of formats, and the result.
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import type { HistoryBy } from '../bindings/HistoryBy';
import { Dialog } from '../components/dialog';
import { RadioGroup } from '../components/radio-group';
import { RefusalMessage } from '../components/refusal-message';
import { SavedNote } from '../components/saved-note';
import type { ExportFormat } from '../host/host';
import { toRefusal } from '../host/refusal';
import { formatDayRange, parseDay } from '../lib/calendar-day';
import { useHost, useSnapshotStore } from '../lib/contexts';
import type { DateRange } from '../pages/history/date-range';
import { text } from '../strings';
import './export-dialog.css';

const strings = text.history.exportDialog;
const formats: readonly ExportFormat[] = ['csv', 'focus'];

interface ExportProps {
  /** The property that divides the days. */
  by: HistoryBy;
  range: DateRange;
  onClose: () => void;
}

/** A saved file: its path, or null for a download of the browser. */
interface SavedFile {
  path: string | null;
}

export function ExportDialog(props: ExportProps): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const noteId = createUniqueId();
  const [format, setFormat] = createSignal<ExportFormat>('csv');
  const [isSaving, setSaving] = createSignal(false);
  const [saved, setSaved] = createSignal<SavedFile | null>(null);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const save = async () => {
    if (isSaving()) return;
    setSaving(true);
    setSaved(null);
    setRefusal(null);
    const { from, to } = props.range;
    await host.exportHistory({ format: format(), by: props.by, from, to }).then(
      (path) => setSaved({ path }),
      (thrown: unknown) => setRefusal(toRefusal(thrown)),
    );
    setSaving(false);
  };
  const choose = (next: ExportFormat) => {
    setFormat(next);
    setSaved(null);
  };
  return (
    <Dialog title={strings.title} testid="export-dialog" onClose={props.onClose}>
      <div class="export-dialog">
        <p>{strings.note(rangeText(props.range, store.state.snapshot?.today.date ?? ''), text.history.partsOf(props.by))}</p>
        <RadioGroup
          label={strings.format}
          describedBy={noteId}
          options={formats.map((value) => ({ value, label: strings.formats[value] }))}
          chosen={format()}
          choose={choose}
          testid="export-format"
        />
        <p class="caption" id={noteId}>
          {strings.formatNotes[format()]}
        </p>
        <div class="button-row">
          <button type="button" class="button button--primary" data-testid="save-export" aria-disabled={isSaving()} onClick={() => void save()}>
            {isSaving() ? strings.saving : strings.save}
          </button>
        </div>
        <p class="caption selectable" role="status" data-testid="export-result">
          <Show when={saved()}>{(file) => <SavedNote path={file().path} />}</Show>
        </p>
        <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} />}</Show>
      </div>
    </Dialog>
  );
}

/** Returns the range in words. Without a last day it ends today. */
function rangeText({ from, to }: DateRange, today: string): string {
  const [first, last] = [parseDay(from ?? ''), parseDay(to ?? today)];
  return first === null || last === null ? strings.allDays : formatDayRange(first, last);
}
