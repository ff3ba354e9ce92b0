/**
 * What was found in a folder when it was last read, to be shown while it is read again. It is told only if everything that is read now is
 * what was read then, so nothing old is ever told.
 */
import { type DocumentId, documentAnchor } from '../base/anchor.ts';
import type { Location } from '../base/range.ts';
import { FINDING_RULES } from '../engine/findings/own-rules.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import type { Cache, Files } from '../host/ports.ts';
import { keptEntry, type Read, RecordedFiles, readAgain, type Seen } from '../host/recorded-files.ts';
import { TOOL } from '../report/tool.ts';

/** More findings are not kept: they could not be written down, and read again, in the time between two answers. */
const MOST_FINDINGS = 2000;

/** What is shown of a finding. */
interface Told extends Pick<PlacedFinding, 'id' | 'severity' | 'message' | 'location' | 'tie'> {
  readonly rule: string;
  readonly related: readonly { readonly location: Location; readonly message: string; readonly mirror?: string }[];
}

interface RememberedFindings {
  readonly reads: readonly Read[];
  readonly seen: Seen;
  readonly told: readonly Told[];
}

/** One reading of a folder. */
export class FolderMemory {
  private recorded: RecordedFiles;

  /**
   * @param files what the folder is read from
   * @param circumstances everything beside the files that decides about what is found
   */
  constructor(
    private readonly cache: Cache,
    private readonly files: Files,
    private readonly circumstances: readonly unknown[],
  ) {
    this.recorded = new RecordedFiles(files);
  }

  /** The same files, to read the folder from: what is asked of them is written down. */
  get recording(): Files {
    return this.recorded;
  }

  /** What was found the last time; undefined if that is not known, or anything has changed. What is read for that is not read again. */
  async recall(): Promise<readonly PlacedFinding[] | undefined> {
    const before = keptEntry<RememberedFindings>(await this.cache.get(this.name), ['told']);
    if (before === undefined) return undefined;
    const again = await readAgain(before.reads, before.seen, this.files);
    this.recorded = new RecordedFiles(this.files, again.known);
    return again.same ? before.told.flatMap(findingOf) : undefined;
  }

  /** Keeps what was found in what has been read. */
  async keep(findings: readonly PlacedFinding[]): Promise<void> {
    if (findings.length > MOST_FINDINGS) return;
    const { reads, seen } = this.recorded;
    const kept: RememberedFindings = { reads, seen, told: findings.map(toldOf) };
    await this.cache.set(this.name, JSON.stringify(kept));
  }

  private get name(): string {
    return JSON.stringify(['findings', TOOL.version, ...this.circumstances]);
  }
}

function toldOf({ id, rule, severity, message, location, tie, related }: PlacedFinding): Told {
  const sides = related.map(({ location: place, message: text, mirror }) => ({
    location: place,
    message: text,
    ...(mirror === undefined ? {} : { mirror }),
  }));
  return { id, rule: rule.id, severity, message, location, tie, related: sides };
}

const RULE_BY_ID: ReadonlyMap<string, PlacedFinding['rule']> = new Map(FINDING_RULES.map((rule) => [rule.id, rule]));

const NOWHERE = documentAnchor(-1 as DocumentId);

function findingOf({ rule: ruleId, related, ...told }: Told): readonly PlacedFinding[] {
  const rule = RULE_BY_ID.get(ruleId);
  if (rule === undefined) return [];
  const { message } = told;
  const sides = related.map((side) => ({ ...side, at: NOWHERE, cluster: '' }));
  const finding = { message, at: NOWHERE, clusters: [], object: undefined, related: sides };
  return [
    {
      ...told,
      rule,
      mesh: '',
      clusters: [],
      object: undefined,
      isShared: false,
      related: sides,
      fixes: () => [],
      finding,
    },
  ];
}
