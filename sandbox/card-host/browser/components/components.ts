import type { HostedComponent } from '../host/hosted.tsx';
import { accordions } from './accordion.tsx';
import { buttons } from './buttons.tsx';
import { charts } from './charts.tsx';
import { dateInputs } from './date-inputs.tsx';
import { dropdowns } from './dropdown.tsx';
import { forms } from './form.tsx';
import { icons } from './icon.tsx';
import { illustrations } from './illustration.tsx';
import { layouts } from './layout.tsx';
import { links } from './links.tsx';
import { lists } from './lists.tsx';
import { numberInputs } from './number-inputs.tsx';
import { overlays } from './overlays.tsx';
import { progress } from './progress.tsx';
import { selects } from './selects.tsx';
import { states } from './states.tsx';
import { statistics } from './statistics.tsx';
import { tables } from './table.tsx';
import { tabs } from './tabs.tsx';
import { tags } from './tags.tsx';
import { textInputs } from './text-inputs.tsx';
import { texts } from './text.tsx';
import { toggles } from './toggles.tsx';

/** Every component this page can show, by the name under which a card sends it. */
export const components: ReadonlyMap<string, HostedComponent> = new Map([
  ...[...texts, ...layouts, ...lists, ...tables, ...tabs, ...accordions],
  ...[...buttons, ...links, ...dropdowns, ...overlays],
  ...[...forms, ...textInputs, ...numberInputs, ...dateInputs, ...selects, ...toggles],
  ...[...tags, ...states, ...statistics, ...progress, ...charts, ...icons, ...illustrations],
]);
