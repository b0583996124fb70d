import type { Labels } from '../reading/labels.ts';
import type { Advocate } from '../reading/people.ts';
import type { Definition, Program, RewardRule, Rule } from '../reading/service-answers.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { money, orList } from './words.ts';

/** The program in plain words, and who refers. */
export function programRegion(program: Program | null, advocates: readonly Advocate[], labels: Labels): Html {
  if (!program) return html`<p class="empty">No program yet. Create one with <code>POST /api/v1/programs</code>.</p>`;
  const { published } = program;
  const definition = published?.definition ?? program.draft;
  return html`<p class="program-name">${definition.name}</p>
    <p class="muted">
      ${published ? `Published, version ${published.version}` : 'A draft: nothing is decided yet'} · friends land on
      ${landing(program.id, definition)} · <a href="/p/${program.id}/join">become an advocate</a>
    </p>
    ${rulesList(definition, labels)}
    <h3>Advocates</h3>
    ${advocates.length === 0 ? html`<p class="empty">Nobody refers yet.</p>` : advocates.map(advocateLine)}`;
}

function landing(programId: string, { landingUrl }: Definition): Html {
  if (landingUrl !== null) return html`<a href="${landingUrl}">${landingUrl}</a>`;
  return html`<a href="/p/${programId}/sign-up">the sign-up page</a>`;
}

function rulesList({ rules, rewardRules }: Definition, labels: Labels): Html {
  const on = rules.filter(({ enabled }) => enabled);
  return html`<ul class="rules">
    ${on.map((rule) => html`<li><span class="badge ${rule.status}">${rule.status}</span> ${ruleWords(rule, labels)}</li>`)}
    ${rewardRules.map(
      (reward) => html`<li><span class="badge reward">reward</span> ${rewardWords(reward, labels)}</li>`,
    )}
  </ul>`;
}

export function ruleWords(rule: Rule, labels: Labels): string {
  const { object, field, pipelineId = '' } = rule;
  if (object === 'deal') {
    const stages = orList(rule.values.map((value) => labels.stage(pipelineId, value)));
    return `when a deal of the friend reaches ${stages} in the ${labels.pipeline(pipelineId)}`;
  }
  const values = orList(rule.values.map((value) => labels.value({ object, name: field }, value)));
  return `when the friend’s ${labels.field(object, field)} becomes ${values}`;
}

export function rewardWords(rule: RewardRule, labels: Labels): string {
  const { saleValue } = rule;
  const value =
    rule.kind === 'fixed'
      ? money(rule.amount ?? '', rule.currency ?? '')
      : `${rule.percent ?? ''} % of the ${saleValue?.object ?? 'deal'}’s ${saleValueField(saleValue, labels)}`;
  const approval = rule.approval === 'manual' ? 'somebody approves each reward' : 'approved by itself';
  return `${value} for the advocate once the referral is ${rule.onStatus}; ${approval}`;
}

function saleValueField(source: RewardRule['saleValue'], labels: Labels): string {
  if (!source) return 'value';
  return labels.field(source.object === 'contact' ? 'contact' : 'deal', source.field);
}

function advocateLine({ name, email, link }: Advocate): Html {
  return html`<div class="advocate">
    <p><strong>${name}</strong> <span class="muted">${email}</span></p>
    <p><a href="${link}">${link}</a></p>
  </div>`;
}
