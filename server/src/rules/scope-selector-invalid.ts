/** Entries of serviceScopeConfigs that istiod refuses, or reads otherwise than they are meant. */
import type { Anchor } from '../base/anchor.ts';
import { addTo } from '../base/remember.ts';
import { nearestWord } from '../config/did-you-mean.ts';
import { isKnown, isUnknown, type Known, knownValue } from '../facts/field.ts';
import type { ScopeEntry } from '../facts/install.ts';
import type { Selector, SelectorExpression } from '../facts/objects.ts';
import type { Mesh } from '../mesh/model.ts';
import { matchSelector } from '../mesh/selectors.ts';
import { type Finding, rule } from './rule.ts';
import {
  aboutEntry,
  isForEverything,
  isNoText,
  valuesOf,
  writtenDiscoverySelectors,
  writtenEntries,
} from './shared/scope-entries.ts';
import { namesOf, type Place, type PlaceFix, toldOfPlaces, type Wrong } from './shared/told-places.ts';
import { isNotString, MULTICLUSTER_DOCS } from './shared/wording.ts';

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
  why: 'istiod drops fields that an entry of `serviceScopeConfigs` does not have, and takes a selector that is then missing or empty to select everything: by a misspelt field all Services become global. An entry with an invalid operator, or with values that do not fit it, is skipped with nothing but a warning in the log. A scope other than GLOBAL and LOCAL, a label value that is not a string, or `values` that are not a list, there or in `discoverySelectors`, is worse: Istio refuses the whole mesh configuration. istioctl then installs nothing, and an istiod that gets it otherwise keeps the last one that it could read, or after a restart the default one, in which no Service is global.',
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
    yield* told(mesh, writtenEntries(mesh), ({ entry }) => {
      const about = aboutEntry(entry);
      return [about, `The entry ${about} in the serviceScopeConfigs of`, wrongIn(entry)];
    });
    // They stand in the same mesh configuration, which is decoded as a whole (protomarshal.go:175-185).
    yield* told(mesh, writtenDiscoverySelectors(mesh), (selector) => [
      'in discoverySelectors',
      'An entry of the discoverySelectors of',
      notText(selector),
    ]);
  },
});

/** Something that is wrong in an entry. */
interface Problem {
  readonly check: string;
  readonly at: Anchor;
  /** The rest of the sentence that begins with the entry's title, and what follows. */
  readonly message: string;
  readonly severity?: 'warning';
  readonly fixes: readonly PlaceFix[];
}

/** Each problem once, in however many places it is. */
function* told<T>(
  mesh: Mesh,
  places: readonly Place<T>[],
  judge: (one: T) => readonly [about: string, title: string, problems: Iterable<Problem>],
): Iterable<Finding> {
  const same = new Map<string, (Problem & Wrong & { readonly title: string })[]>();
  for (const place of places) {
    const [about, title, problems] = judge(place.found);
    for (const problem of problems) addTo(same, `${problem.check} ${about}`, { ...problem, place, title });
  }
  for (const [check, wrongs] of same) {
    const [{ title, message, severity }] = wrongs as [(typeof wrongs)[0]];
    const where = namesOf(
      mesh,
      wrongs.map(({ place }) => place),
    );
    yield {
      ...toldOfPlaces(mesh, wrongs, `${title} ${where} ${message}`),
      ...(severity === undefined ? {} : { severity }),
      check,
    };
  }
}

function* wrongIn(entry: ScopeEntry): Iterable<Problem> {
  const { scope } = entry;
  if (isKnown(scope) && !SCOPES.includes(scope.value)) yield wrongScope(scope);
  const selectors = [entry.servicesSelector, entry.namespaceSelector].filter((selector) => selector !== undefined);
  const unknown = [
    ...entry.unknownFields.map((field) => [field, ENTRY_FIELDS, present(entry)] as const),
    ...selectors.flatMap((selector) =>
      selector.unknownFields.map((field) => [field, SELECTOR_FIELDS, presentIn(selector)] as const),
    ),
  ];
  const everything = isForEverything(entry);
  for (const [field, known, taken] of unknown) yield unknownField(field, known, taken, everything);
  for (const selector of selectors) {
    yield* notText(selector);
    yield* invalidParts(selector);
  }
  if (everything && unknown.length === 0) {
    yield {
      check: 'everything',
      severity: 'warning',
      at: scope?.at ?? entry.at,
      message: 'selects everything with scope GLOBAL. All Services become global.',
      fixes: [],
    };
  }
}

/** The fields of an entry that are written, which a misspelt one cannot be meant to be. */
function present(entry: ScopeEntry): readonly string[] {
  return ENTRY_FIELDS.filter((field) => entry[field as 'scope'] !== undefined);
}

function presentIn({ matchLabels, matchExpressions }: Selector): readonly string[] {
  return [
    ...(matchLabels.at === undefined ? [] : ['matchLabels']),
    ...(matchExpressions.length === 0 ? [] : ['matchExpressions']),
  ];
}

function wrongScope({ value, at }: Known<string>): Problem {
  const upper = value.toUpperCase();
  const fix: PlaceFix = {
    title: `Change the scope to ${upper}`,
    safe: true,
    preferred: true,
    onlyMeaning: true,
    edits: [{ op: 'set', at, value: upper }],
  };
  return {
    check: 'scope',
    at,
    message: `has ${value === '' ? 'an empty scope' : `scope ${value}`}, which is neither GLOBAL nor LOCAL. ${REFUSED}`,
    fixes: SCOPES.includes(upper) ? [fix] : [],
  };
}

function unknownField(
  { value, at }: Known<string>,
  known: readonly string[],
  taken: readonly string[],
  everything: boolean,
): Problem {
  const meant = nearestWord(
    value,
    known.filter((field) => !taken.includes(field)),
  );
  const what = meant === undefined ? `an unknown field ${value}` : `a field ${value} instead of ${meant}`;
  const consequence = everything
    ? 'istiod ignores it, so the entry selects everything and all Services become global.'
    : 'istiod ignores it.';
  const fixes: readonly PlaceFix[] =
    meant === undefined
      ? []
      : [
          {
            title: `Rename to ${meant}`,
            safe: false,
            preferred: true,
            onlyMeaning: true,
            edits: [{ op: 'rename-key', at, from: value, key: meant }],
          },
        ];
  return {
    check: `field ${value}`,
    ...(everything ? {} : { severity: 'warning' }),
    at,
    message: `has ${what}. ${consequence}`,
    fixes,
  };
}

/** Values that YAML makes something else than texts, and what is no list of values. */
function* notText(selector: Selector): Iterable<Problem> {
  for (const { key, notList } of selector.matchExpressions) {
    if (notList === undefined) continue;
    const label = knownValue(key) ?? '';
    const fix: PlaceFix = {
      title: 'Write a list of it',
      safe: true,
      preferred: true,
      onlyMeaning: true,
      edits: [{ op: 'set', at: notList.at, value: [knownValue(notList) ?? ''] }],
    };
    yield {
      check: `values ${label}`,
      at: notList.at,
      message: `has values for ${label} that are not a list. ${REFUSED}`,
      fixes: isKnown(notList) ? [fix] : [],
    };
  }
  for (const [key, value] of valuesOf(selector)) {
    if (!isKnown(value) || !isNoText(value)) continue;
    const text = value.value;
    const quote: PlaceFix = {
      title: 'Quote the value',
      safe: true,
      preferred: true,
      onlyMeaning: /^(?:true|false)$/i.test(text),
      edits: [{ op: 'set', at: value.at, value: value.notString === 'boolean' ? text.toLowerCase() : text }],
    };
    yield {
      check: `value ${key} ${text}`,
      at: value.at,
      message: `has a value for ${key} that ${isNotString(value.notString)}. ${REFUSED}`,
      fixes: [quote],
    };
  }
}

function* invalidParts(selector: Selector): Iterable<Problem> {
  let told = false;
  for (const expression of selector.matchExpressions) {
    if (expression.notList !== undefined) return;
    const problem = problemOf(expression);
    if (problem === undefined) continue;
    told = true;
    const { message, ...rest } = problem;
    yield { check: `operator ${knownValue(expression.key) ?? ''}`, message: `${message}. ${SKIPPED}`, ...rest };
  }
  if (told || matchSelector(selector, () => 'absent') !== 'invalid') return;
  yield {
    check: 'label',
    at: selector.at,
    message: `selects by an invalid label key or value. ${SKIPPED}`,
    fixes: [],
  };
}

/** @returns what an expression does wrong, without the full stop */
function problemOf({ at: place, key, operator, values }: SelectorExpression): Omit<Problem, 'check'> | undefined {
  if (isUnknown(key) || isUnknown(operator)) return undefined;
  if (key === undefined || key.value === '')
    return { at: place, message: 'has an expression without a key', fixes: [] };
  const label = key.value;
  if (operator === undefined) return { at: place, message: `has no operator for ${label}`, fixes: [] };
  const { value, at } = operator;
  const setOperator = (word: string, safe: boolean): PlaceFix => ({
    title: `Change the operator to ${word}`,
    safe,
    preferred: safe,
    edits: [{ op: 'set', at, value: word }],
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
