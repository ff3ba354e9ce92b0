/** A mark as the protocol's diagnostic. */
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import { plain } from '../report/plain-text.ts';
import type { Severity } from '../rules/rule.ts';
import { type Folder, uriOf } from './folder.ts';
import type { Mark } from './marks.ts';

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
          relatedInformation: others.map((other) => ({
            location: { uri: uriOf(folder, other.location.file), range: other.location.range },
            message: plain(other.message),
          })),
        }),
    data,
  };
}
