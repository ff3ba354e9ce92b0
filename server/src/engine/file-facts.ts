/** What one file states: its documents' facts, kept from edit to edit for the documents whose text did not change. */
import type { DocumentId } from '../base/anchor.ts';
import { exactArray } from '../base/exact-array.ts';
import type { Failure } from '../base/failure.ts';
import { isPage, otherSource } from '../base/other-sources.ts';
import { type DocumentFacts, extractFacts, NO_FACTS } from '../facts/extract.ts';
import { isKustomizationFile } from '../facts/foreign.ts';
import type { KustomizationFacts } from '../facts/kustomization-paths.ts';
import { guessKustomization, readKustomization, withLeftOut } from '../facts/kustomization-paths.ts';
import { signsIn } from '../facts/unread-signs.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { SkipReason } from '../layout/layout.ts';
import { classifyText, isHelmfileText, isTemplate, mayConcernMesh } from '../yaml/classify.ts';
import type { DocumentTable } from '../yaml/documents.ts';
import { rootCursor } from '../yaml/read.ts';
import { recoveredRoot } from '../yaml/recovered.ts';
import { findSuppressions, type Suppression } from '../yaml/suppressions.ts';
import { NO_SIGNS, runsCommands, type Signs, signsOfCommands, signsOfRead, signsOfSkipped } from './unread-files.ts';

/** What the host found at a path. `file` is relative to the root of the world, with `/`. */
export type FileChange =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly skipped: SkipReason }
  /** It is there; its content is given when it is wanted. */
  | { readonly file: string; readonly listed: true }
  | { readonly file: string; readonly gone: true; readonly isMissed?: true };

export interface FileRecord {
  readonly facts: FileFacts;
  readonly read: readonly ReadDocument[];
  readonly suppressions: readonly Suppression[];
  readonly documents: number;
  /** What it may hold beyond its facts. */
  readonly signs: Signs;
}

/** A document as it was read; its id survives edits, so its text tells whether it must be read again. */
interface ReadDocument {
  readonly id: DocumentId;
  readonly text: string;
  readonly facts: DocumentFacts | undefined;
  /** What reading it has cost (`slowCost`); undefined if it was left out. */
  readonly cost: number | undefined;
  /** Set where a bug kept it from being read. */
  readonly failed?: true;
}

/** Documents of one file that must be read slowly may cost so much together; what comes after is left out. */
const MOST_COST = 300_000;

const NOTHING: readonly ReadDocument[] = [];

/**
 * Reads a changed file into `table`. Text without anything that a mesh could be concerned with is not parsed.
 * @param wanted a build reads it, whatever is in it
 * @param onFailure told of a bug that keeps a document from being read
 * @returns the record that replaces `previous`
 */
export function readFile(
  table: DocumentTable,
  change: Exclude<FileChange, { readonly gone: true } | { readonly listed: true }>,
  previous: FileRecord | undefined,
  wanted: boolean,
  onFailure: Failure,
): FileRecord {
  const { file } = change;
  if ('text' in change && isTemplatedHelmfile(file, change.text)) {
    table.update(file, change.text);
    return helmfileRecord(file, change.text);
  }
  if (!isYaml(file, 'text' in change ? change.text : '')) {
    const text = 'text' in change ? change.text : undefined;
    const isKept = wanted && text !== undefined;
    if (isKept) table.update(file, text);
    const other = otherSource(file);
    if (other !== undefined) {
      if (!isKept) table.pass(file);
      return sourceRecord(file, other, text ?? '');
    }
    if (isKept) return emptyRecord(file);
  }
  const skipped = 'skipped' in change ? change.skipped : classifyText(change.text, file);
  if (!('text' in change) || skipped !== undefined) {
    const text = 'text' in change ? change.text : '';
    const lent = skipped === 'encrypted' ? encryptedLenders(text) : [];
    // What kustomize makes of it is known in part.
    if (lent.length > 0 || ('text' in change && isTemplatedKustomization(file, skipped))) table.update(file, text);
    else table.pass(file);
    return {
      facts: {
        file,
        documents: [...unreadKustomization(file, text), ...lent],
        ...(skipped === undefined ? {} : { skipped }),
      },
      read: NOTHING,
      suppressions: [],
      documents: 0,
      signs:
        skipped === undefined ? NO_SIGNS : signsOfSkipped('text' in change ? change.text : undefined, file, skipped),
    };
  }
  const { text } = change;
  if (!mayConcernMesh(text, file)) {
    // A build may read it; it states nothing by itself, whether or not one does.
    if (wanted) table.update(file, text);
    else table.pass(file);
    return { facts: { file, documents: [] }, read: NOTHING, suppressions: [], documents: 1, signs: NO_SIGNS };
  }
  const source = table.update(file, text);
  const { documents } = source;
  const known = previous === undefined ? undefined : new Map(previous.read.map((document) => [document.id, document]));
  let cost = 0;
  const read = documents.map(({ id, text }): ReadDocument => {
    const before = known?.get(id);
    const document: ReadDocument =
      cost > MOST_COST
        ? { id, text, facts: undefined, cost: undefined }
        : before?.text === text && before.cost !== undefined
          ? before
          : { id, text, ...factsOf(table, id, text, file, onFailure) };
    cost += document.cost ?? 0;
    return document;
  });
  const facts = exactArray(read.map((document) => document.facts).filter((facts) => facts !== undefined));
  const broken = facts.length < read.length;
  return {
    facts: {
      file,
      documents: facts.length === 0 && broken ? unreadKustomization(file, text) : facts,
      ...(broken
        ? { skipped: read.some(({ failed }) => failed) ? ('failed' as const) : ('broken-yaml' as const) }
        : runsCommands(text, file, read)
          ? { skipped: 'commands' as const }
          : {}),
    },
    read,
    suppressions: findSuppressions(source, table),
    documents: documents.length,
    signs: signsOfRead(text, file, read),
  };
}

/** True for a helmfile that is YAML only when it is filled in. */
function isTemplatedHelmfile(file: string, text: string): boolean {
  return isHelmfileText(text, file) && isTemplate(text, file);
}

/** What it deploys is read when it is known what it comes to (`deploy/helm/helmfile.ts`). */
function helmfileRecord(file: string, text: string): FileRecord {
  const documents = [{ ...NO_FACTS, foreign: 'other-tool' as const, deploys: true as const }];
  const signs = [...new Set((['template', 'deployment'] as const).flatMap((form) => signsIn(text, file, form)))].sort();
  return { facts: { file, documents }, read: NOTHING, suppressions: [], documents: 1, signs };
}

function emptyRecord(file: string): FileRecord {
  return { facts: { file, documents: [] }, read: NOTHING, suppressions: [], documents: 0, signs: NO_SIGNS };
}

/** A file that is no YAML counts as one that is not read if it may hold something. */
function sourceRecord(file: string, reason: SkipReason, text: string): FileRecord {
  const signs = reason === 'commands' ? signsOfCommands(text, file) : signsIn(text, file, 'template');
  const skipped = signs.length === 0 ? {} : { skipped: reason };
  return { facts: { file, documents: [], ...skipped }, read: NOTHING, suppressions: [], documents: 0, signs };
}

/** How many files and documents are judged. A page that shows no commands is none of them. */
export class FileCounts {
  files = 0;
  documents = 0;

  /** @param before and `after`: of one file; undefined if there was, or is, none */
  follow(before: FileRecord | undefined, after: FileRecord | undefined): void {
    this.files += Number(isJudged(after)) - Number(isJudged(before));
    this.documents += (after?.documents ?? 0) - (before?.documents ?? 0);
  }
}

function isJudged(record: FileRecord | undefined): boolean {
  return record !== undefined && (record.signs.length > 0 || !isPage(record.facts.file));
}

/** What a kustomization names has no place. */
const NO_DOCUMENT = 0 as DocumentId;

/** Templates of charts make other things of that name. */
function isTemplatedKustomization(file: string, skipped: SkipReason | undefined): boolean {
  const isTemplate = skipped === 'template' || skipped === 'helm-template';
  return isTemplate && isKustomizationFile(file) && !/(?:^|\/)templates\//.test(file);
}

/** SOPS leaves the keys of Secrets and ConfigMaps readable: of the variables that Flux takes from them the names are known. */
function encryptedLenders(text: string): readonly DocumentFacts[] {
  const kinds = [...text.matchAll(/^kind:(.*)$/gm)].map(([, kind = '']) => kind.trim());
  if (!kinds.every((kind) => kind === 'Secret' || kind === 'ConfigMap')) return [];
  return kinds.map((lends) => ({ ...NO_FACTS, encrypted: true, lends }));
}

/** A kustomization that cannot be read still is one: patches beside it are no objects. */
function unreadKustomization(file: string, text: string): readonly DocumentFacts[] {
  if (!isKustomizationFile(file)) return [];
  const root = recoveredRoot(text);
  const kustomization =
    root === undefined ? guessKustomization(text) : readKustomization(rootCursor(NO_DOCUMENT, root));
  return [{ ...NO_FACTS, foreign: 'kustomization', kustomization }];
}

function isYaml(file: string, text: string): boolean {
  return /(?:\.ya?ml|(?:^|\/)Kustomization)$/i.test(file) || isHelmfileText(text, file);
}

/** The facts of a document, undefined if it is broken, and what reading it has cost. */
function factsOf(
  table: DocumentTable,
  id: DocumentId,
  text: string,
  file: string,
  onFailure: Failure,
): Pick<ReadDocument, 'facts' | 'cost' | 'failed'> {
  const parsed = table.parsed(id);
  const { root, problems = [], cost = 0 } = parsed ?? {};
  if (root !== undefined) {
    try {
      const facts = extractFacts(id, root, file);
      const { kustomization } = facts;
      if (kustomization === undefined) return { facts, cost };
      return { facts: { ...facts, kustomization: withLeftOut(kustomization, text) }, cost };
    } catch (error) {
      onFailure(`reading ${file}`, error);
      return { facts: undefined, cost, failed: true };
    }
  }
  return { facts: parsed === undefined || problems.length > 0 ? undefined : NO_FACTS, cost };
}

/** What a file states as a kustomization, if it is one. */
export function kustomizationOf({ documents }: FileFacts): KustomizationFacts | undefined {
  return documents.find(({ kustomization }) => kustomization !== undefined)?.kustomization;
}
