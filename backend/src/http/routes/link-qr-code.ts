import type { RequestHandler } from 'express';
import { toBuffer } from 'qrcode';
import { referralLink } from '../../referrals/referral-code.ts';
import { lookUpLink } from '../public/look-up-link.ts';
import { linkNotFound } from '../public/notices.ts';
import { sendPublicPage } from '../public/page-shell.ts';
import type { PublicEdge } from '../public/public-edge.ts';

/** Sharp on a slide, still read from a flyer with a coffee stain on it. */
const PICTURE = { type: 'png', errorCorrectionLevel: 'M', margin: 4, width: 600 } as const;
const ONE_DAY_S = 86_400;

/** `GET /r/:code/qr.png`: the link as a picture. Shown on a card of another origin, so that one may load it. */
export function linkQrCode(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const link = await lookUpLink(edge, request, String(request.params['code'] ?? ''));
    if (link === null) return sendPublicPage(response, linkNotFound());
    const picture = await toBuffer(referralLink(edge.publicUrl, link.code), PICTURE);
    response.setHeader('Cache-Control', `public, max-age=${ONE_DAY_S}`);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.type('png').send(picture);
  };
}
