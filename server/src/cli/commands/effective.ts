/** `effective`: the objects after overlays and values, as the cluster gets them. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Anchor } from '../../base/anchor.ts';
import { folderOf } from '../../base/relative-path.ts';
import type { KustomizeBuild, KustomizeUnknownReason } from '../../deploy/kustomize/build-result.ts';
import { KUSTOMIZATION_NAMES } from '../../deploy/kustomize/kustomization-file.ts';
import { kustomizeBuilds } from '../../deploy/kustomize/kustomize-builds.ts';
import type { ClusterObject } from '../../engine/cluster-objects.ts';
import { isKustomizationFile } from '../../facts/foreign.ts';
import type { PlacedCluster } from '../../layout/layout.ts';
import { effectiveJson } from '../../report/effective/effective-json.ts';
import { effectiveYaml } from '../../report/effective/effective-yaml.ts';
import { counted, listed } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import type { Command } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { FilesOnDemand, settled } from '../files-on-demand.ts';
import { deliver, outputs } from '../formats.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { type OpenWorld, openWorld } from '../open-world.ts';
import { formatOption, type OptionSpec } from '../options.ts';
import type { ParsedArgs } from '../parse-args.ts';
import { worldPaths } from '../paths.ts';

const FORMATS = ['yaml', 'json'] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'cluster',
    value: 'NAME|NAME=PATH',
    repeatable: true,
    help: 'NAME: show everything that this cluster gets; NAME=PATH: as in every command, see below',
  },
  { name: 'overlay', value: 'DIR', help: 'build this folder, as kustomize build does; it is looked for in the path' },
  { name: 'origin', help: 'tell for each field the file and line that it comes from' },
  formatOption(FORMATS, true),
];

const UNKNOWN: Readonly<Record<KustomizeUnknownReason, string>> = {
  remote: 'it is somewhere else, and nothing is fetched',
  outside: 'it is outside of the path, and not read',
  unread: 'it cannot be read',
  template: 'templates are not filled in',
  helm: 'charts are not rendered',
  'istio-chart': 'charts are not rendered',
  plugin: 'programs are not run',
  'too-large': 'it is nested too deep',
  failed: 'this program failed on it; please report that',
};

interface Effective {
  readonly objects: readonly ClusterObject[];
  readonly documents: Documents;
}

export const effectiveCommand: Command = {
  name: 'effective',
  operands: '[path]',
  summary: 'the objects after overlays and values, as the cluster gets them',
  details: [
    'Without --overlay and --cluster NAME it builds the folder itself, or shows its only cluster where it has no',
    'kustomization. Values of Secrets are hidden.',
    'A build that kustomize would refuse ends with status 2 and the class of the error; what cannot be known is told.',
  ].join('\n'),
  options: OPTIONS,
  most: 1,
  run: async (args, io) => {
    const asked = outputs(args, io, FORMATS);
    const clusters = args.values.get('cluster') ?? [];
    const named = clusters.filter((text) => !text.includes('='));
    const overlay = args.values.get('overlay')?.[0];
    if (named.length > 1 || (named.length === 1 && overlay !== undefined)) {
      throw new UsageError('effective shows one cluster, or one overlay');
    }
    const [cluster] = named;
    const declared = clusters.filter((text) => text.includes('='));
    const effective =
      cluster !== undefined
        ? await ofNamed(args, cluster, declared, io)
        : overlay !== undefined
          ? await ofOverlay(args, overlay, declared, io)
          : await ofFolder(args, declared, io);
    const json = effectiveJson(effective.objects, effective.documents, args.values.has('origin'));
    await deliver(asked, io, (format) =>
      format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : effectiveYaml(json),
    );
    return EXIT.ok;
  },
};

/** The build of a folder of the path. */
async function ofOverlay(args: ParsedArgs, overlay: string, declared: readonly string[], io: Io): Promise<Effective> {
  const { root } = await worldPaths(args.positionals, declared, io);
  const inRoot = (path: string) => relative(root, path).split(sep).join('/');
  let folder = inRoot(isAbsolute(overlay) ? overlay : resolve(root, overlay));
  const files = new FilesOnDemand(io.host.files, root);
  const kind = await io.host.files.kind(resolve(root, overlay));
  // People complete paths from where they are.
  if (kind === undefined && (await io.host.files.kind(resolve(io.cwd, overlay))) === 'folder') {
    folder = inRoot(resolve(io.cwd, overlay));
  }
  if (folder === '..' || folder.startsWith('../')) throw new UsageError(`${overlay} is not in ${root}`);
  const build = await settled(files, () => kustomizeBuilds(files)(folder));
  const [problem] = build.problems;
  const isNone = problem?.class === 'no-kustomization' && problem.path === folder;
  report([build], files.documents, io, isNone ? await knownOverlays(root, folder, io) : '');
  return { objects: build.objects, documents: files.documents };
}

/** The folders that have one, such as ` (did you mean overlays/east?); there are some in base and overlays/east`. */
async function knownOverlays(root: string, asked: string, io: Io): Promise<string> {
  const folders: string[] = [];
  const include = KUSTOMIZATION_NAMES.map((name) => `**/${name}`);
  for await (const batch of io.host.files.workspace(root, { include, exclude: [] }))
    for (const { file } of batch) if (isKustomizationFile(file)) folders.push(folderOf(file) || '.');
  folders.sort();
  if (folders.length === 0) return '; no folder has one';
  const below = folders.filter((folder) => folder !== '.');
  return `${didYouMean(asked, below)}; there ${folders.length === 1 ? 'is one' : 'are some'} in ${listed(folders)}`;
}

/** The build of the path; without a kustomization there, what its only cluster gets. */
async function ofFolder(args: ParsedArgs, declared: readonly string[], io: Io): Promise<Effective> {
  const { root } = await worldPaths(args.positionals, declared, io);
  for (const name of KUSTOMIZATION_NAMES)
    if ((await io.host.files.kind(resolve(root, name))) !== undefined) return ofOverlay(args, '.', declared, io);
  const world = await worldOf(args, declared, io);
  const clusters = [...world.snapshot.layout.clusters.values()];
  const [cluster, ...others] = clusters;
  if (cluster === undefined) return ofOverlay(args, '.', declared, io);
  if (others.length === 0) return ofCluster(world, cluster, io);
  const names = namesToChoose(clusters);
  const hint = await knownOverlays(root, '.', io);
  throw new UsageError(
    `there is no kustomization in ${args.positionals[0] ?? '.'}, which has ${counted(names.length, 'cluster')}: choose one with --cluster ${names.join(', --cluster ')}${hint}`,
  );
}

/** What to call each cluster by: its name where no other one has it. */
function namesToChoose(clusters: readonly PlacedCluster[]): readonly string[] {
  const isOnly = ({ name }: PlacedCluster): boolean => clusters.filter((one) => one.name === name).length === 1;
  return clusters.map((cluster) => (isOnly(cluster) ? cluster.name : cluster.id)).sort();
}

function worldOf(args: ParsedArgs, declared: readonly string[], io: Io): Promise<OpenWorld> {
  const values = new Map([...args.values].filter(([option]) => option !== 'cluster'));
  if (declared.length > 0) values.set('cluster', [...declared]);
  return openWorld({ ...args, values }, io);
}

async function ofNamed(args: ParsedArgs, name: string, declared: readonly string[], io: Io): Promise<Effective> {
  const world = await worldOf(args, declared, io);
  const all = [...world.snapshot.layout.clusters.values()];
  const clusters = all.filter((one) => one.name === name || one.id === name);
  const [cluster, second] = clusters;
  if (cluster === undefined) {
    throw new UsageError(`no such cluster: ${name}; there are ${namesToChoose(all).join(', ') || 'none'}`);
  }
  if (second !== undefined) {
    throw new UsageError(`several clusters are called ${name}: ${clusters.map(({ id }) => id).join(', ')}`);
  }
  return ofCluster(world, cluster, io);
}

/** What a cluster gets: the builds that are deployed to it, and the manifests that stand for themselves. */
function ofCluster({ snapshot }: OpenWorld, { id }: PlacedCluster, io: Io): Effective {
  const { builds, objects, charts, suspended } = snapshot.objectsOf(id);
  report(builds, snapshot.documents, io);
  if (charts.length > 0) {
    io.err(
      `not known: what installing ${counted(charts.length, 'chart')} makes: ${charts.join(', ')} (${UNKNOWN.helm})`,
    );
  }
  if (suspended.length > 0) io.err(`not known: what is there of ${listed(suspended)} (suspended)`);
  return { objects, documents: snapshot.documents };
}

/** Tells what could not be known. @throws UsageError for a build that kustomize refuses, with a hint behind it */
function report(builds: readonly KustomizeBuild[], documents: Documents, io: Io, hint = ''): void {
  const place = (at: Anchor | undefined): string => {
    const location = at && documents.locate(at);
    return location === undefined ? '' : `${location.file}:${location.range.start.line + 1}: `;
  };
  for (const { problems, folder } of builds) {
    const [problem] = problems;
    if (problem === undefined) continue;
    throw new UsageError(
      `${place(problem.at)}kustomize refuses ${folder || '.'}: ${problem.class}: ${problem.message}${hint}`,
    );
  }
  for (const { what, at, why } of new Set(builds.flatMap(({ unknown }) => unknown))) {
    io.err(`${place(at)}not known: ${what} (${UNKNOWN[why]})`);
  }
}
