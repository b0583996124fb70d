/** A card that HubSpot would not build, or a project it would not read: which file, why, and what to do. */
export class CardBuildError extends Error {
  readonly file: string;
  readonly remedy: string;

  constructor({ file, reason, remedy }: { file: string; reason: string; remedy: string }) {
    super(`${file}: ${reason} ${remedy}`);
    this.name = 'CardBuildError';
    this.file = file;
    this.remedy = remedy;
  }
}
