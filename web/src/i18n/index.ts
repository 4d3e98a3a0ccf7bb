export { FACTS, LANGUAGES, type Language } from './languages';
export { countName, language, measureName, parameterName, problemName, speak, t, textsOf, tn, type Key } from './texts.svelte';
