/** A mark as the protocol's diagnostic. */
import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
} from 'vscode-languageserver';
import { plain } from '../report/plain-text.ts';
import type { Severity } from '../rules/rule.ts';
import { type Folder, uriOf } from './folder.ts';
import type { Mark, Other } from './marks.ts';

/** `source` of every diagnostic (contract, "Names"). */
export const SOURCE = 'ambient-multicluster';

/** What a diagnostic carries for the code actions of clients that keep it. */
export interface DiagnosticData {
  readonly id: string;
  readonly mirror?: true;
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(
  { finding, location, message, severity, mirror, others }: Mark,
  folder: Folder,
): Diagnostic {
  const { id, rule } = finding;
  const data: DiagnosticData = mirror ? { id, mirror } : { id };
  return {
    source: SOURCE,
    code: rule.id,
    ...(rule.docs === '' ? {} : { codeDescription: { href: rule.docs } }),
    range: location.range,
    severity: SEVERITIES[severity],
    message: plain(message),
    ...(rule.id === 'unused-suppression' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(others.length === 0
      ? {}
      : {
          relatedInformation: others.map((other) => relatedInformation(other, folder)),
        }),
    data,
  };
}

/** All marks of a finding have the same other places. */
const known = new WeakMap<Other, { readonly folder: Folder; readonly told: DiagnosticRelatedInformation }>();

function relatedInformation(other: Other, folder: Folder): DiagnosticRelatedInformation {
  const before = known.get(other);
  if (before?.folder === folder) return before.told;
  const { file, range } = other.location;
  const told = { location: { uri: uriOf(folder, file), range }, message: plain(other.message) };
  known.set(other, { folder, told });
  return told;
}
