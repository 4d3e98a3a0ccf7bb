"""What stands around a text or spoils its form: boilerplate, spam, a body that is repeated, an end that is missing."""
