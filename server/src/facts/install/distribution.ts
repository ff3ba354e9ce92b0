/** Tells Solo's distribution of Istio from Istio itself: it looks alike, but links clusters by peering, with settings of its own. */
import type { Node } from '../../yaml/node.ts';
import type { LayeredStatement } from './control-plane.ts';

/** Its versions, such as `1.28.4-solo`, and where its images and charts come from (docs.solo.io, "Solo distribution of Istio"). */
const SIGN = /\d-solo\b|\bsoloio-img\/|\bgloo-mesh\/istio-/;

/** Text beyond this many characters is no version and no image. */
const LONGEST = 300;

/** True if what installs Istio in a cluster shows that it is Solo's. */
export function isOfSolo(statements: readonly LayeredStatement[]): boolean {
  return statements.some(({ statement, layers = [] }) =>
    [statement, ...layers].some(({ root, installer }) => installer?.ofSolo === true || shows(root) || peers(root)),
  );
}

/** True for a version, an image or the address of a chart of Solo's. */
export function isSolos(text: string | undefined): boolean {
  return text !== undefined && text.length < LONGEST && SIGN.test(text);
}

function shows(node: Node): boolean {
  if (node.type === 'scalar') return isSolos(node.text);
  if (node.type === 'seq') return node.items.some(shows);
  return node.entries.some(({ value }) => shows(value));
}

/** `platforms.peering` of its charts. */
function peers(node: Node): boolean {
  if (node.type !== 'map') return false;
  return node.entries.some(({ key, value }) =>
    key.text === 'platforms' && value.type === 'map'
      ? value.entries.some(({ key }) => key.text === 'peering')
      : peers(value),
  );
}
