/** Values that templates of a helmfile name, and that one of its environments does not have where others do. */
import type { Anchor } from '../../base/anchor.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { lackedParameters } from '../argo-cd/lacked-parameters.ts';
import type { LackedParameter } from '../deployment.ts';
import { madeAt, madeList, madeMap, madeScalar } from '../made-nodes.ts';

/** What is known of one environment. */
export interface EnvironmentValues {
  readonly name: string;
  readonly at: Anchor;
  /** What templates may speak of. */
  readonly params: Cursor;
  /** True if values are not in sight. */
  readonly open: boolean;
  /** The templates that are filled for it. */
  readonly templates: readonly string[];
}

/** helmfile refuses what names a value that is not there (helmfile `pkg/tmpl/context_tmpl.go`, `missingkey=error`). */
export function lackedValues(environments: readonly EnvironmentValues[]): readonly LackedParameter[] {
  const sets = environments.map(({ params, open, at }) => {
    const values = get(params, 'Values');
    const own = madeMap(values === undefined ? [] : [['Values', values]], at);
    return { params: madeAt(own, at), keys: [], words: [], several: false, open };
  });
  return environments.flatMap(({ name, at, templates }, i) => {
    const texts = templates.map((text) => madeAt(madeScalar(text, at), at));
    const lacked = lackedParameters(sets, madeAt(madeList(texts, at), at), {
      goTemplate: true,
      isStrict: true,
      of: sets.slice(i, i + 1),
    });
    return lacked.flatMap((one) => {
      const { name: value, effect, had, meant } = one;
      const told = { name: value.replace(/^Values\./, ''), effect, had, environment: name };
      if (had === undefined || !value.startsWith('Values.')) return [];
      return meant === undefined ? { ...told, at } : { ...one, ...told, meant: meant.replace(/^Values\./, '') };
    });
  });
}
