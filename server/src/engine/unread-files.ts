/** What a file may hold beyond what was read of it (`facts/unread-signs.ts`). */
import type { DocumentId } from '../base/anchor.ts';
import { isPage } from '../base/other-sources.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import type { ForeignKind } from '../facts/foreign.ts';
import { ANYTHING, type Sign, shown, signsIn, type UnreadText } from '../facts/unread-signs.ts';
import type { SkipReason } from '../layout/layout.ts';
import type { FileRecord } from './file-facts.ts';

export type Signs = readonly (Sign | typeof ANYTHING)[];

export const NO_SIGNS: Signs = [];

interface SearchedDocument {
  readonly text: string;
  readonly facts: DocumentFacts | undefined;
}

/** How the documents of other tools are searched. Kustomizations are built, and a patch of theirs is no object. */
const FORMS: Readonly<Record<ForeignKind, readonly UnreadText[]>> = {
  kustomization: [],
  'argo-cd': ['deployment'],
  flux: ['deployment'],
  crossplane: ['template', 'installer'],
  ansible: ['template', 'installer'],
  'other-tool': ['template', 'deployment', 'installer'],
};

const UNSEEN: ReadonlySet<SkipReason> = new Set<SkipReason>(['too-large', 'binary', 'unreadable']);

/** @param text undefined where the host does not give it */
export function signsOfSkipped(text: string | undefined, file: string, reason: SkipReason): Signs {
  return text === undefined || UNSEEN.has(reason) ? [ANYTHING] : signsIn(text, file, 'template');
}

/** @param documents of the file; `facts` is undefined for one that is broken */
export function signsOfRead(text: string, file: string, documents: readonly SearchedDocument[]): Signs {
  const forms = new Set(documents.flatMap((document) => formsOf(document.facts, document.text)));
  const signs = new Set([...forms].flatMap((form) => signsIn(text, file, form)));
  return signs.size === 0 ? NO_SIGNS : [...signs].sort();
}

/** What a document that tells a tool to install a chart says of that. */
export function signsOfDeployment(record: Pick<FileRecord, 'facts' | 'read'> | undefined, doc: DocumentId): Signs {
  const text = record?.read.find(({ id }) => id === doc)?.text;
  return record === undefined || text === undefined ? [ANYTHING] : signsIn(text, record.facts.file, 'deployment');
}

/** What installs charts says so, whatever tool it is for: a pipeline, a task. */
const INSTALLS = /\b(?:helm|istioctl)\b|\bchart\w{0,9}["']?[ \t]*[:=]/i;

/** What a file of commands may hand to Istio's charts or to istioctl; of a page, what its blocks of code show. */
export function signsOfCommands(text: string, file: string): Signs {
  if (!INSTALLS.test(text)) return NO_SIGNS;
  return isPage(file) ? signsIn(commandsOf(text), file, 'installer').map(shown) : signsIn(text, file, 'installer');
}

/** The blocks of code in Markdown that hand settings to a command. */
function commandsOf(text: string): string {
  const parts = text.split(/^[ \t>]{0,20}(?:```|~~~)/m);
  return parts.filter((part, i) => i % 2 === 1 && INSTALLS.test(part) && /--set|<</.test(part)).join('\n');
}

/** True for YAML of another kind that hands settings to helm or istioctl: a pipeline. */
export function runsCommands(text: string, file: string, documents: readonly SearchedDocument[]): boolean {
  const isOfCommands = ({ facts, text }: SearchedDocument): boolean =>
    facts !== undefined && facts.foreign === undefined && formsOf(facts, text).includes('installer');
  return documents.some(isOfCommands) && signsIn(text, file, 'installer').length > 0;
}

function formsOf(facts: DocumentFacts | undefined, text: string): readonly UnreadText[] {
  if (facts === undefined || facts.encrypted || facts.nameless !== undefined) return ['template'];
  const { foreign, objects, install, kustomization, deploys } = facts;
  if (foreign !== undefined) return FORMS[foreign];
  const statesNothing = objects.length === 0 && install.length === 0 && kustomization === undefined && !deploys;
  if (!statesNothing) return [];
  const isObject = /^["']?kind["']?[ \t]*:/m.test(text);
  return [...(isObject ? [] : (['values'] as const)), ...(INSTALLS.test(text) ? (['installer'] as const) : [])];
}
