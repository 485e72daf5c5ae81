import type { Prompt } from 'ssh2';

/** How PAM and its translations ask for the password of an account. */
const passwordWords =
  /password|passwort|kennwort|mot de passe|contrase(?:ñ|n)a|senha|palavra-passe|wachtwoord|hasło|lösenord|adgangskode|passord|salasana|heslo|jelszó|parola|пароль|パスワード|密码|密碼|암호|비밀번호/i;
/** What else is asked for in hidden input: another password, or one that is valid once. */
const otherWords = /\b(?:new|neues|nouveau|nueva|retype|again|one.?time|otp|token|pin|passphrase)\b|code\b/i;
/** OpenSSH since 8.7 writes for whom it asks in front of what PAM asks. */
const askedFor = /^\([^)]*\) /;

/**
 * Whether a request of keyboard-interactive (RFC 4256) asks for the account's password and nothing else: one prompt,
 * hidden, that names it. Anything else stays unanswered, since an answer may be shown, logged or be a change of password.
 */
export function asksForPassword(prompts: readonly Prompt[]): boolean {
  const [prompt] = prompts;
  if (prompts.length !== 1 || prompt === undefined || prompt.echo === true) return false;
  const text = prompt.prompt.replace(askedFor, '');
  return passwordWords.test(text) && !otherWords.test(text);
}
