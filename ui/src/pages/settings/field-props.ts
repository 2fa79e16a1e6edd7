// The properties shared by all setting controls.
import type { SettingRow } from '../../bindings/SettingRow';

export interface SettingFieldProps {
  row: SettingRow;
  /** The IDs of the text field, of its label and of its description. */
  id: string;
  labelledBy: string;
  describedBy: string;
  /** Saves a chosen value. */
  save: (value: unknown) => void;
  /** Saves typed text. */
  saveText: (field: string) => void;
  /** Clears the refusal. */
  clearRefusal: () => void;
  isRefused: boolean;
}
