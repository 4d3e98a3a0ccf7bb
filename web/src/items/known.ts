/** The method of a consensus that was not inferred, since the answer is known. */
export const KNOWN = 'known';
