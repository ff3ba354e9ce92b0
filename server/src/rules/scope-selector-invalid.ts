/** Entries of serviceScopeConfigs that istiod refuses, or reads otherwise than they are meant. */
import type { Anchor } from '../base/anchor.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import { isKnown, isUnknown, type Known, knownValue } from '../facts/field.ts';
import type { Selector, SelectorExpression } from '../facts/objects.ts';
import { isEmptySelector, matchSelector } from '../mesh/selectors.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import {
  isNoText,
  sentenceStart,
  valuesOf,
  type WrittenEntry,
  writtenDiscoverySelectors,
  writtenEntries,
} from './scope-entries.ts';
import { isNotString, MULTICLUSTER_DOCS } from './wording.ts';

const ENTRY_FIELDS = ['servicesSelector', 'namespaceSelector', 'scope'];
const SELECTOR_FIELDS = ['matchLabels', 'matchExpressions'];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
const SCOPES = ['GLOBAL', 'LOCAL'];

/** The mesh config is decoded as a whole, and what cannot be decoded is logged (pkg/config/mesh/meshwatcher/collection.go:62-75). */
const REFUSED = 'Istio refuses the whole mesh configuration because of it, not only the entry.';

const SKIPPED = 'istiod skips the whole entry, so it makes no Service global.';

export const scopeSelectorInvalid = rule({
  id: 'scope-selector-invalid',
  summary: 'The selectors in serviceScopeConfigs must be ones that istiod understands.',
  why: 'istiod drops fields that an entry of `serviceScopeConfigs` does not have, and takes a selector that is then missing or empty to select everything: by a misspelt field all Services become global. An entry with an invalid operator, or with values that do not fit it, is skipped with nothing but a warning in the log. A scope other than GLOBAL and LOCAL, or a label value that is not a string, there or in `discoverySelectors`, is worse: Istio refuses the whole mesh configuration. istioctl then installs nothing, and an istiod that gets it otherwise keeps the last one that it could read, or after a restart the default one, in which no Service is global.',
  severity: 'error',
  otherwise: {
    warning:
      'for a field that is ignored beside a selector that still counts, and for an entry that selects everything',
  },
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'An entry has the fields `servicesSelector`, `namespaceSelector` and `scope`, a selector has `matchLabels` and `matchExpressions`. The operators are `In` and `NotIn`, with values, and `Exists` and `DoesNotExist`, without. Values of labels are strings: put `true` and numbers in quotes.',
  whenToSilence: 'If all Services are to be global.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/services.go:344-360',
    'pkg/config/mesh/labelselector/labelselector.go',
    'pkg/config/mesh/meshwatcher/collection.go:62-75',
    'pkg/util/protomarshal/protomarshal.go:175-185',
  ],
  per: 'mesh',
  *check(mesh) {
    for (const written of writtenEntries(mesh)) {
      const { entry, title } = written;
      const { scope } = entry;
      if (isKnown(scope) && !SCOPES.includes(scope.value)) yield wrongScope(written, scope);
      const global = knownValue(scope) === 'GLOBAL';
      const selectors = [entry.servicesSelector, entry.namespaceSelector].filter((selector) => selector !== undefined);
      const unknown = [
        ...entry.unknownFields.map((field) => [field, ENTRY_FIELDS, present(written)] as const),
        ...selectors.flatMap((selector) =>
          selector.unknownFields.map((field) => [field, SELECTOR_FIELDS, presentIn(selector)] as const),
        ),
      ];
      const everything = global && selectors.every(isEmptySelector);
      for (const [field, known, taken] of unknown) yield unknownField(written, field, known, taken, everything);
      for (const selector of selectors) {
        yield* notText(written, selector);
        yield* invalidParts(written, selector);
      }
      if (everything && unknown.length === 0) {
        yield make(
          written,
          'everything',
          scope?.at ?? entry.at,
          `${sentenceStart(title)} selects everything with scope GLOBAL. All Services become global.`,
          [],
          { severity: 'warning' },
        );
      }
    }
    // They stand in the same mesh configuration, which is decoded as a whole (protomarshal.go:175-185).
    for (const written of writtenDiscoverySelectors(mesh)) yield* notText(written, written.selector);
  },
});

function make(
  { clusters, about }: Pick<WrittenEntry, 'clusters' | 'about'>,
  check: string,
  at: Anchor,
  message: string,
  fixes: readonly Fix[] = [],
  more: Partial<Finding> = {},
): Finding {
  return {
    check: `${check} ${about}`,
    ofCluster: clusters[0],
    message,
    at,
    clusters,
    object: undefined,
    related: [],
    fixes: () => fixes,
    ...more,
  };
}

/** The fields of an entry that are written, which a misspelt one cannot be meant to be. */
function present({ entry }: WrittenEntry): readonly string[] {
  return ENTRY_FIELDS.filter((field) => entry[field as 'scope'] !== undefined);
}

function presentIn({ matchLabels, matchExpressions }: Selector): readonly string[] {
  return [
    ...(matchLabels.at === undefined ? [] : ['matchLabels']),
    ...(matchExpressions.length === 0 ? [] : ['matchExpressions']),
  ];
}

function wrongScope(written: WrittenEntry, { value, at }: Known<string>): Finding {
  const upper = value.toUpperCase();
  const fixes: readonly Fix[] = SCOPES.includes(upper)
    ? [
        {
          title: `Change the scope to ${upper}`,
          safe: true,
          preferred: true,
          onlyMeaning: true,
          edits: () => [{ op: 'set', at, value: upper }],
        },
      ]
    : [];
  return make(
    written,
    'scope',
    at,
    `${sentenceStart(written.title)} has ${value === '' ? 'an empty scope' : `scope ${value}`}, which is neither GLOBAL nor LOCAL. ${REFUSED}`,
    fixes,
  );
}

function unknownField(
  written: WrittenEntry,
  { value, at }: Known<string>,
  known: readonly string[],
  taken: readonly string[],
  everything: boolean,
): Finding {
  const meant = nearestWord(
    value,
    known.filter((field) => !taken.includes(field)),
  );
  const what = meant === undefined ? `an unknown field ${value}` : `a field ${value} instead of ${meant}`;
  const consequence = everything
    ? 'istiod ignores it, so the entry selects everything and all Services become global.'
    : 'istiod ignores it.';
  const fixes: readonly Fix[] =
    meant === undefined
      ? []
      : [
          {
            title: `Rename to ${meant}`,
            safe: false,
            preferred: true,
            onlyMeaning: true,
            edits: () => [{ op: 'rename-key', at, key: meant }],
          },
        ];
  return make(
    written,
    `field ${value}`,
    at,
    `${sentenceStart(written.title)} has ${what}. ${consequence}`,
    fixes,
    everything ? {} : { severity: 'warning' },
  );
}

/** Values that YAML makes something else than texts. */
function* notText(written: Pick<WrittenEntry, 'clusters' | 'title' | 'about'>, selector: Selector): Iterable<Finding> {
  for (const [key, value] of valuesOf(selector)) {
    if (!isKnown(value) || !isNoText(value)) continue;
    const text = value.value;
    const quote: Fix = {
      title: 'Quote the value',
      safe: true,
      preferred: true,
      onlyMeaning: /^(?:true|false)$/i.test(text),
      edits: () => [{ op: 'set', at: value.at, value: value.notString === 'boolean' ? text.toLowerCase() : text }],
    };
    yield make(
      written,
      `value ${key} ${text}`,
      value.at,
      `${sentenceStart(written.title)} has a value for ${key} that ${isNotString(value.notString)}. ${REFUSED}`,
      [quote],
    );
  }
}

function* invalidParts(written: WrittenEntry, selector: Selector): Iterable<Finding> {
  let told = false;
  for (const expression of selector.matchExpressions) {
    const problem = problemOf(expression);
    if (problem === undefined) continue;
    told = true;
    const { at, message, fixes } = problem;
    yield make(
      written,
      `operator ${knownValue(expression.key) ?? ''}`,
      at,
      `${sentenceStart(written.title)} ${message}. ${SKIPPED}`,
      fixes,
    );
  }
  if (told || matchSelector(selector, () => 'absent') !== 'invalid') return;
  yield make(
    written,
    'label',
    selector.at,
    `${sentenceStart(written.title)} selects by an invalid label key or value. ${SKIPPED}`,
  );
}

interface Problem {
  readonly at: Anchor;
  /** What the entry does wrong, after its title. */
  readonly message: string;
  readonly fixes: readonly Fix[];
}

function problemOf({ at: place, key, operator, values }: SelectorExpression): Problem | undefined {
  if (isUnknown(key) || isUnknown(operator)) return undefined;
  if (key === undefined || key.value === '')
    return { at: place, message: 'has an expression without a key', fixes: [] };
  const label = key.value;
  if (operator === undefined) return { at: place, message: `has no operator for ${label}`, fixes: [] };
  const { value, at } = operator;
  const setOperator = (word: string, safe: boolean): Fix => ({
    title: `Change the operator to ${word}`,
    safe,
    preferred: safe,
    edits: () => [{ op: 'set', at, value: word }],
  });
  if (!OPERATORS.includes(value)) {
    const same = OPERATORS.find((word) => word.toLowerCase() === value.toLowerCase());
    const meant = same ?? nearestWord(value, OPERATORS);
    return {
      at,
      message:
        meant === undefined
          ? `has an unknown operator ${value} for ${label}`
          : `has operator ${value} instead of ${meant} for ${label}`,
      fixes: meant === undefined ? [] : [setOperator(meant, same !== undefined)],
    };
  }
  const wantsValues = value === 'In' || value === 'NotIn';
  const count = values?.length ?? 0;
  if (wantsValues && count === 0) {
    return {
      at,
      message: `has operator ${value} for ${label} without values`,
      fixes: [setOperator(value === 'In' ? 'Exists' : 'DoesNotExist', false)],
    };
  }
  if (!wantsValues && count > 0) {
    return {
      at,
      message: `has values for ${label} with operator ${value}, which takes none`,
      fixes: [setOperator(value === 'Exists' ? 'In' : 'NotIn', false)],
    };
  }
  return undefined;
}
