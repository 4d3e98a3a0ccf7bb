/** An address of a script as the browser takes it where it takes trusted ones only: by a policy that knows this address and no other. */
export function trustedScript(policyName: string, address: string): string {
  const factory = window.trustedTypes;
  if (factory === undefined) return address;
  const policy = factory.createPolicy(policyName, {
    createScriptURL: (asked) => {
      if (asked !== address) throw new TypeError(`${asked} is not a script of this app`);
      return asked;
    },
  });
  return policy.createScriptURL(address) as unknown as string;
}
