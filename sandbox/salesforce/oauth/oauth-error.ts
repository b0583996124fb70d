/** A refusal of the OAuth endpoints: `{ error, error_description }`. */
export class OAuthError extends Error {
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }

  body(): Record<string, string> {
    return { error: this.error, error_description: this.message };
  }
}
