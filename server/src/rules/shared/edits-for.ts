/** The edits that set a setting, and those of a fix for several clusters: what others share with them is then left as it is. */
import type { SettingPlace } from '../../facts/install.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { FixEdit } from '../rule.ts';

/** @returns the edits as those that one cluster needs */
export function editsFor(cluster: ClusterId, edits: readonly NodeEdit[]): readonly FixEdit[] {
  return edits.map((edit) => ({ ...edit, for: [cluster] }));
}

/** Writes a setting where it is read, as an entry of its own where variables are a list of `name` and `value`. */
export function settingEdit({ at, envList }: SettingPlace, value: string | boolean): NodeEdit {
  return envList === undefined
    ? { op: 'set', at, value }
    : { op: 'append', at: envList.at, value: { name: envList.name, value } };
}
