// Names of headers, fields and variables that tell of a secret.

const ANYWHERE =
  /passw|passphrase|passcode|pwd|secret|token|credential|cookie|authori[sz]ation|signature|pin[-_ ]?code|(api|access|private)[-_ .]?key|session[-_]?id/;

/** Words that tell of a secret only when they stand alone: `pin`, but not `shipping`; `userPass` and `mypass`, but not `bypass`. */
const WORDS = /^(auth|oauth|pin|pw|otp|cvv|cvc|jwt|sid|sig|.*(?<!com|by)pass)$/;

/** Whether what has this name is a secret, as far as a name can tell. In doubt it is one: a blotted value does no harm. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return ANYWHERE.test(name.toLowerCase()) || words.some((word) => WORDS.test(word));
}
