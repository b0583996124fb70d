import { expect, test } from 'vitest';
import { createLogger, maskText } from '../../backend/src/observability/logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ level: 'info', destination: { write: (line: string) => void (text += line) } }));
  return text;
}

test('tokens, secrets and people’s addresses never reach the log, whatever they are nested in', () => {
  const text = logged((logger) =>
    logger.info(
      {
        authorization: 'Bearer s3cret',
        grant: { refreshToken: 's3cret', access_token: 's3cret' },
        a: { b: { email: 's3cret' } },
        clientSecrets: ['s3cret'],
      },
      'connected',
    ),
  );
  expect(text).not.toContain('s3cret');
  expect(JSON.parse(text)).toMatchObject({
    level: 'info',
    msg: 'connected',
    service: 'passalong',
    authorization: '[hidden]',
  });
});

test('what a library wrote into the text of an error is masked', () => {
  const error = new Error('dana@example.com: Bearer abc.def for postgres://app:pw@db:5432/x and pk_0123456789abcdef');
  const text = logged((logger) => logger.error({ err: error }, 'failed'));
  expect(text).not.toMatch(/dana@|abc\.def|:pw@|pk_0123/);
  expect(text).toContain('postgres://app:[hidden]@db');
});

test('text without secrets stays as it is', () => {
  expect(maskText('The deal 9001 reached closedwon at 10:15')).toBe('The deal 9001 reached closedwon at 10:15');
});
