/** Tells root certificates apart by digests of them. Certificates are public; of private keys nothing is read here. */
import { decodeBase64 } from '../../base/base64.ts';
import { hashText } from '../../base/hash.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/**
 * The digest of each certificate in a PEM bundle, sorted, each once: the text around them, line breaks and order do not count.
 * @returns undefined if there is none, or one that is no certificate
 */
export function rootDigests(pem: string): readonly string[] | undefined {
  const digests = new Set<string>();
  for (const [, body = ''] of pem.matchAll(CERTIFICATE)) {
    const bytes = decodeBase64(body);
    if (bytes === undefined || bytes === '') return undefined;
    digests.add(hashText(bytes));
  }
  return digests.size === 0 ? undefined : [...digests].sort();
}
