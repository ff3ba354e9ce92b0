/** The address of an API server, as a kubeconfig has it: its parts, and whether it is one or stands for one that is filled in later. */
import { withoutEndSlashes } from '../../base/relative-path.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import type { ApiServerKind } from '../objects.ts';
import { unknownReason } from '../read-scalar.ts';

export interface ApiServer {
  readonly kind: ApiServerKind;
  /** In small letters. */
  readonly host: string;
  /** The address in the one way to write it: scheme and host in small letters, the port always, the path as it stands. */
  readonly normal: string;
}

const PARTS = /^(?:(https?):\/\/)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([\s\S]*)/i;

/** @param server the text of the field `server`; empty where it is not written */
export function readApiServer(server: string): ApiServer {
  // Without a scheme client-go takes https for a cluster with a CA (rest.DefaultServerURL); one without any is nothing that works.
  const [, scheme = 'https', authority = '', port = '', path = ''] = PARTS.exec(server) ?? [];
  const written = authority.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const host = written.toLowerCase();
  const protocol = scheme.toLowerCase();
  const normal = `${protocol}://${host}:${port || (protocol === 'http' ? '80' : '443')}${withoutEndSlashes(path)}`;
  const isStandIn = isStandInHost(written) || path.split(/[/?#&=:]/).some(isPlaceholder);
  return { kind: isStandIn ? 'unknown' : kindOf(server, host), host, normal };
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|::1?|(?:0{1,4}:){7}0{0,3}[01])$/;
const OWN_API_SERVER = /^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?$/;
const SERVICE = /\.svc(?:\.cluster\.local)?$/;

function kindOf(server: string, host: string): ApiServerKind {
  if (host === '' || unknownReason(server) !== undefined) return 'unknown';
  if (LOOPBACK.test(host)) return 'loopback';
  if (OWN_API_SERVER.test(host)) return 'own-cluster';
  return SERVICE.test(host) ? 'service' : 'other';
}

/** Names and addresses that documentation has and no API server: of RFC 2606 those without a name before them, of RFC 5737 all. */
const OF_DOCUMENTATION =
  /^(?:example(?:\.(?:com|net|org))?|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|2001:db8:.*|1\.2\.3\.4)$/i;
const LETTERS_FOR_NUMBERS = /^(?:[x*]{1,3}|\d{1,3})(?:\.(?:[x*]{1,3}|\d{1,3})){3}$/i;
const CAPITALS_ALONE = /^[A-Z][A-Z0-9-]*$/;
const WORDS = /^(?:your|todo|tbd|fixme|change|changeme|replace|replaceme|placeholder|dummy)$/i;

/** True for a host that a person or a script is to replace; nobody writes a real one so. */
function isStandInHost(host: string): boolean {
  return (
    isPlaceholder(host) ||
    // An underscore is no letter of a host's name.
    host.includes('_') ||
    CAPITALS_ALONE.test(host) ||
    OF_DOCUMENTATION.test(host) ||
    (LETTERS_FOR_NUMBERS.test(host) && /[x*]/i.test(host)) ||
    host.split(/[.-]/).some((word) => WORDS.test(word))
  );
}
