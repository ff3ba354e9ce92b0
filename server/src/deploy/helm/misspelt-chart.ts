/** Charts that Istio's own repository has not, but for a letter: Helm finds nothing there, and nothing is installed. */
import type { Anchor } from '../../base/anchor.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import type { UnknownPart } from '../deployment.ts';

/** Where Istio publishes its charts (istio.io, "Install with Helm"), as a repository and in a registry. */
const REPOSITORY = /^(?:\w+:\/\/)?(?:istio-release\.storage\.googleapis\.com|gcr\.io\/istio-release)\/charts(?:\/|$)/;
const CHARTS = ['ambient', 'base', 'cni', 'gateway', 'istiod', 'ztunnel'];

/** The chart that a name misspells in a repository; undefined if it is one, or is not of Istio's own repository. */
export function meantChart(name: string, repository: string | undefined): string | undefined {
  if (repository === undefined || !REPOSITORY.test(repository) || CHARTS.includes(name)) return undefined;
  return CHARTS.find((chart) => editDistance(name, chart) === 1);
}

/**
 * @param written the name, or an address that ends with it
 * @param at where that is written
 */
export function misspeltChart(
  name: string,
  meant: string | undefined,
  written: string,
  at: Anchor,
): readonly UnknownPart[] {
  if (meant === undefined) return [];
  return [
    {
      at,
      what: `the chart ${name}`,
      refused: `Istio's repository has no chart ${name}, so Helm installs nothing. Perhaps ${meant} is meant.`,
      meant: written.slice(0, -name.length) + meant,
      opens: [],
    },
  ];
}
