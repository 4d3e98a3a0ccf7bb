/** The most characters of a text where a question names no other number. */
export const MOST = 10_000;
