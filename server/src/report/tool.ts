/** What names this program in its results. */
import { name, version } from '../../../package.json';

export const TOOL = { name, version } as const;
