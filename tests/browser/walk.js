// What the keyboard walk asks of the page: what can be reached, and what stands under the focus.
window.walk = (() => {
  const REACHABLE = 'a[href], button, input, select, textarea, summary, iframe, audio[controls], [tabindex], [contenteditable="true"]';
  const LOOK = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor', 'textDecorationLine'];
  let all = [];
  let looks = [];
  const look = (element) => {
    const parts = [element, element.parentElement, element.parentElement?.parentElement].filter((one) => one !== null && one !== undefined);
    return parts.map((one) => LOOK.map((name) => getComputedStyle(one)[name]).join('|')).join('||');
  };
  const name = (element) => {
    const said = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `${element.tagName.toLowerCase()}[${element.getAttribute('role') ?? element.getAttribute('type') ?? ''}] «${said}»`;
  };
  const isReachable = (element) => {
    if (element.tabIndex < 0 || element.matches(':disabled') || element.closest('[inert]') !== null) return false;
    if (element.closest('details:not([open])') !== null && element.closest('summary') === null) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio' || element.name === '') return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`)].filter((one) => one.form === element.form);
    return element === (group.find((one) => one.checked) ?? group[0]);
  };
  const isOwn = (element, hit) => hit !== null && (element.contains(hit) || hit.contains(element) && hit.closest('label') !== null || [...(element.labels ?? [])].some((one) => one.contains(hit)));
  const isCovered = (element) => {
    let { left, right, top, bottom } = element.getBoundingClientRect();
    [left, right] = [Math.max(left, 0), Math.min(right, innerWidth)];
    [top, bottom] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
    if (right - left < 2 && bottom - top < 2 && element.labels?.length) return false;
    const places = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) => [left + x * (right - left), top + y * (bottom - top)]));
    return right <= left || bottom <= top || !places.some(([x, y]) => isOwn(element, document.elementFromPoint(x, y)));
  };
  return {
    /** Begins before the first element of the page; how many there are to reach. */
    begin() {
      document.activeElement?.blur();
      all = [...document.querySelectorAll(REACHABLE)].filter(isReachable);
      looks = all.map(look);
      document.body.tabIndex = -1;
      scrollTo(0, 0);
      document.body.focus();
      document.body.removeAttribute('tabindex');
      return all.length;
    },
    /** The place of the focus in the order of the page, -1 for none, and what is wrong there. */
    async here() {
      // A sandboxed frame lives in a process of its own: the focus arrives there a moment after the key.
      for (let n = 0; n < 10 && document.activeElement === document.body && all.some(({ tagName }) => tagName === 'IFRAME'); n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      const element = document.activeElement;
      if (element === null || element === document.body) return { at: -1, faults: [] };
      const at = all.indexOf(element);
      const faults = [];
      if (at < 0) faults.push(`unexpected stop at ${name(element)}`);
      else if (looks[at] === look(element)) faults.push(`no focus to be seen at ${name(element)}`);
      if (element.tabIndex > 0) faults.push(`an order of its own at ${name(element)}`);
      if (isCovered(element)) faults.push(`the focus is covered at ${name(element)}`);
      return { at, faults };
    },
    name: (at) => (document.contains(all[at]) ? name(all[at]) : null),
    isWide: () => document.documentElement.scrollWidth > innerWidth,
    async faults() {
      const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
      const found = (await axe.run(document, options)).violations;
      return found.flatMap((fault) => fault.nodes.map((node) => `${fault.id} (${fault.impact}) at ${node.target}: ${node.failureSummary}`));
    },
  };
})();
