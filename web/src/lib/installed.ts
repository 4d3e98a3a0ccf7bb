/** What the operator of the server has put in, as the sign-in told it. */
export const installed: { segmenter: string | null } = { segmenter: null };
