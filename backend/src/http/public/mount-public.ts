import type { Express } from 'express';
import { join, joinDone, joinPage } from '../routes/join-page.ts';
import { linkQrCode } from '../routes/link-qr-code.ts';
import { openLink } from '../routes/open-link.ts';
import { openRecordPage } from '../routes/record-page.ts';
import { signUp, signUpPage, signUpThanks } from '../routes/sign-up-page.ts';
import type { PublicEdge } from './public-edge.ts';

/** What strangers open: links and the pages they lead to. */
export function mountPublicPages(app: Express, edge: PublicEdge): void {
  app.get('/r/:code', openLink(edge));
  app.get('/r/:code/qr.png', linkQrCode(edge));
  app.get('/go/referrals/:id', openRecordPage(edge, 'referrals'));
  app.get('/go/advocates/:id', openRecordPage(edge, 'advocates'));
  app.get('/p/:programId/sign-up', signUpPage(edge));
  app.post('/p/:programId/sign-up', signUp(edge));
  app.get('/p/:programId/sign-up/thanks', signUpThanks(edge));
  app.get('/p/:programId/join', joinPage(edge));
  app.post('/p/:programId/join', join(edge));
  app.get('/p/:programId/join/done', joinDone(edge));
}
