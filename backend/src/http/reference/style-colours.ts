/** Both schemes; every pair of text and ground that is used has a contrast of at least 4.5 to 1. */
export const COLOURS = `
:root {
  color-scheme: light dark;
  --ink: #17202e; --muted: #566277; --page: #ffffff; --panel: #f6f8fa; --hover: #e9eef2;
  --line: #dfe4ea; --line-strong: #aab4c2;
  --accent: #0b6b5d; --accent-tint: #e3f3ef; --focus: #1250c4;
  --get: #0b5c8a; --post: #0b6b5d; --put: #7a4d00; --delete: #a11d2c;
  --get-tint: #e2f0f8; --post-tint: #e3f3ef; --put-tint: #fbf0d9; --delete-tint: #fcebed;
  --code: #eef1f5;
  --sample: #101c28; --sample-line: #101c28; --sample-ink: #dbe4ee; --sample-muted: #a3b3c4;
  --sample-key: #8ecbff; --sample-text: #a5e3bd; --sample-value: #ffc98a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6ebf1; --muted: #a2afbf; --page: #12181f; --panel: #171f28; --hover: #212b36;
    --line: #2a3541; --line-strong: #56657a;
    --accent: #5fd0b8; --accent-tint: #12342f; --focus: #8ab4ff;
    --get: #82c7f3; --post: #5fd0b8; --put: #f0c46c; --delete: #ff9aa5;
    --get-tint: #10303f; --post-tint: #12342f; --put-tint: #382b12; --delete-tint: #43191f;
    --code: #202a35;
    --sample: #0b1118; --sample-line: #2a3541;
  }
}
`;
