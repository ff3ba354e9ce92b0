/** Completion, hover and links in the configuration file: `textDocument/completion`, `hover`, `documentLink`. */
import {
  type CompletionItem,
  CompletionItemKind,
  type DocumentLink,
  type Hover,
  MarkupKind,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { MINORS } from '../base/istio-releases.ts';
import { clusterPaths } from '../config/cluster-paths.ts';
import { type ConfigArea, fileMeant } from '../config/config-area.ts';
import { type EditedPlace, editedPlace, type PlaceStep } from '../config/edited-place.ts';
import type { Schema } from '../config/schema.ts';
import { keyDoc, schemasAt } from '../config/schema-at.ts';
import { FINDING_RULES } from '../engine/findings/own-rules.ts';
import { codeSpan } from '../report/markdown/escape.ts';
import { plain } from '../report/plain-text.ts';
import type { Cursor } from '../yaml/read.ts';
import { get, items, rootCursor } from '../yaml/read.ts';
import { renderScalar } from '../yaml/render.ts';
import { uriOf } from './folder.ts';
import { savedReports } from './saved-reports.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/** A configuration file of a world as it is open. */
interface Opened {
  readonly world: World;
  /** What it holds for. */
  readonly area: ConfigArea;
  readonly document: TextDocument;
}

export function answerConfigurationEdits(session: Session): void {
  const { connection } = session;
  const opened = (uri: string): Opened | undefined => {
    const found = session.find(uri);
    const document = session.documents.get(uri);
    const area = found?.world.areas.find(({ file }) => file === found.file);
    return found === undefined || document === undefined || area === undefined
      ? undefined
      : { world: found.world, area, document };
  };
  connection.onCompletion(async ({ textDocument, position }, token) => {
    const at = opened(textDocument.uri);
    if (at === undefined) return [];
    const edited = editedPlace(at.document.getText(), at.document.offsetAt(position));
    const [first, ...others] = edited.path;
    const isImport = first === 'imports' && others.length === 1;
    const reports = isImport ? await savedReports(at.world.folder.root, at.area, at.world.fileSystem, token) : [];
    return completions(at, edited, reports);
  });
  connection.onHover(({ textDocument, position }) => {
    const at = opened(textDocument.uri);
    return at === undefined ? null : hover(at, at.document.offsetAt(position));
  });
  connection.onDocumentLinks(({ textDocument }) => {
    const at = opened(textDocument.uri);
    return at === undefined ? [] : links(at);
  });
}

/** A thing that may be written. */
interface Choice {
  readonly label: string;
  readonly doc?: string;
}

const RULE_CHOICES: readonly Choice[] = FINDING_RULES.map(({ id, summary }) => ({
  label: id,
  doc: summary,
}));

function completions(
  { world, area, document }: Opened,
  { path, part, start, end, siblings }: EditedPlace,
  reports: readonly string[],
): CompletionItem[] {
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  const schemas = schemasAt(path);
  const keys = part === 'key' ? schemas.flatMap((schema) => keysOf(schema)) : [];
  // An item of a list of texts may be written where a key could stand.
  const values = schemas.flatMap((schema) => valuesOf(schema, path, world, area));
  return [
    ...keys
      .filter(({ label }) => !siblings.has(label))
      .map((key) => item(key, range, CompletionItemKind.Property, ': ')),
    ...values.map((value) => item(value, range, CompletionItemKind.Value, '')),
    ...reports.map((file) => item({ label: renderScalar(file) }, range, CompletionItemKind.File, '')),
  ];
}

function item({ label, doc }: Choice, range: Range, kind: CompletionItemKind, after: string): CompletionItem {
  return {
    label: plain(label),
    kind,
    textEdit: { range, newText: label + after },
    ...(doc === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }),
  };
}

function keysOf(schema: Schema): readonly Choice[] {
  if (schema.type === 'object') return Object.entries(schema.fields).map(([label, { doc }]) => ({ label, doc }));
  return schema.type === 'record' && schema.keys === 'rule' ? RULE_CHOICES : [];
}

function valuesOf(schema: Schema, path: readonly PlaceStep[], world: World, area: ConfigArea): readonly Choice[] {
  if (schema.type === 'boolean') return [{ label: 'true' }, { label: 'false' }];
  // YAML 1.1 reads an unquoted `off` as false.
  if (schema.type === 'choice') return schema.words.map((word) => ({ label: word === 'off' ? '"off"' : word }));
  if (schema.type !== 'text') return [];
  if (schema.format === 'rule') return RULE_CHOICES;
  if (schema.format === 'istio-version') return MINORS.map(({ minor }) => ({ label: `"${minor}"` }));
  return namesFor(path, world, area).map((name) => ({
    label: renderScalar(name, path.at(-1) === 'object' ? 'double' : 'plain'),
  }));
}

/** Names of the world that a text of the configuration may be. */
function namesFor(path: readonly PlaceStep[], { snapshot }: World, area: ConfigArea): readonly string[] {
  const keys = path.filter((step) => typeof step === 'string');
  const [first, last] = [keys[0], keys.at(-1)];
  const clusters = [...snapshot.layout.clusters.values()];
  const names = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort();
  if (first === 'complete' || last === 'complete') return ['Gateway', 'Namespace', 'Secret', 'Service'];
  if (last === 'name' && first === 'meshes')
    return names(clusters.flatMap(({ name, configFiles }) => (configFiles.includes(area.file) ? name : [])));
  if (last === 'reference' || (last === 'clusters' && first === 'ignore'))
    return names(clusters.map(({ name }) => name));
  if (last === 'id') return names(snapshot.layout.meshes.map(({ id }) => id));
  if (last === 'object') {
    return names(
      snapshot.findings.flatMap(({ object }) =>
        object === undefined
          ? []
          : `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`,
      ),
    );
  }
  if (last === 'namespaces') {
    return names(snapshot.meshes.flatMap((mesh) => mesh.clusters.flatMap(({ id }) => [...mesh.namespaces(id)])));
  }
  return [];
}

function hover({ world, area, document }: Opened, offset: number): Hover | null {
  const text = document.getText();
  const { path, part, start, end } = editedPlace(text, wordEnd(text, offset));
  const word = text.slice(start, end);
  if (word === '') return null;
  const isKey = part === 'key' || text.slice(end).startsWith(':');
  const rule = FINDING_RULES.find(({ id }) => id === word);
  const value =
    rule !== undefined
      ? `**${rule.id}** (${rule.severity})\n\n${rule.summary}`
      : isKey && path.length === 0
        ? keyDoc(path, word)
        : path[0] === 'imports'
          ? importDoc(world, area, word)
          : isKey
            ? keyDoc(path, word)
            : undefined;
  return value === undefined
    ? null
    : {
        contents: { kind: MarkupKind.Markdown, value },
        range: { start: document.positionAt(start), end: document.positionAt(end) },
      };
}

/** What an imported report tells of. */
function importDoc({ snapshot }: World, area: ConfigArea, path: string): string | undefined {
  const file = fileMeant(area, path);
  const told = [...snapshot.layout.clusters.values()].filter(({ evidence }) =>
    evidence.some((one) => one.file === file && one.field === 'member'),
  );
  if (told.length === 0) return undefined;
  const clusters = told.map(({ name, mesh, imported }) => {
    const role = imported === undefined ? 'also in this workspace' : 'known, never blamed or edited';
    return `- ${codeSpan(name)} (mesh ${codeSpan(mesh)}): ${role}`;
  });
  return ['Saved report with the clusters', '', ...clusters].join('\n');
}

/** The offset behind the word at an offset: the whole of it has then been typed. */
function wordEnd(text: string, offset: number): number {
  return offset + (/^[^\s,:{}[\]"'#]*/.exec(text.slice(offset))?.[0].length ?? 0);
}

/** Links to the files that the configuration names literally. */
function links({ world, area, document }: Opened): DocumentLink[] {
  const { documents } = world.snapshot;
  const source = documents.file(area.file)?.documents[0];
  const root = source === undefined ? undefined : documents.parsed(source.id)?.root;
  if (source === undefined || root === undefined || source.start !== 0) return [];
  return paths(rootCursor(source.id, root)).flatMap(({ node }) => {
    // What has a backslash is a glob, and on Windows a path that may lead anywhere.
    if (node.type !== 'scalar' || /[*?[\]{}!\\]/.test(node.text)) return [];
    const file = fileMeant(area, node.text);
    const target = file === undefined ? undefined : uriOf(world.folder, file);
    if (target === undefined) return [];
    return { range: { start: document.positionAt(node.start), end: document.positionAt(node.end) }, target };
  });
}

/** Values that are paths or globs: of imports, and of the files of clusters. */
function paths(root: Cursor): readonly Cursor[] {
  return [...items(get(root, 'imports')), ...clusterPaths(root)];
}
