/** Whether istiod of a cluster signs the certificates of its workloads itself. */
import { isKnown } from '../../facts/field.ts';
import type { Cluster } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { takesPart } from './taking-part.ts';

/** Variables of istiod with which certificates come from elsewhere, or may. */
const OTHER_CA = ['PILOT_CERT_PROVIDER', 'EXTERNAL_CA', 'USE_REMOTE_CERTS', 'ROOT_CA_DIR', 'SPIFFE_BUNDLE_ENDPOINTS'];

/** True if istiod of the cluster is known to sign certificates with its own CA. */
export function signsItself(mesh: Mesh, { id, install }: Cluster): boolean {
  const { hasIstiod, otherCa, pilotEnv, controlPlane } = install;
  if (!hasIstiod || controlPlane !== 'primary' || otherCa !== undefined || !takesPart(mesh, id)) return false;
  const server = pilotEnv.get('ENABLE_CA_SERVER');
  if (server !== undefined && !(isKnown(server) && /^(?:1|t|true)$/i.test(server.value))) return false;
  return OTHER_CA.every((name) => {
    const value = pilotEnv.get(name);
    return value === undefined || (isKnown(value) && (value.value === '' || value.value === 'istiod'));
  });
}
