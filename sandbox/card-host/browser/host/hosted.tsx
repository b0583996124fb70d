import { useEffect } from 'react';
import type { ComponentType } from 'react';
import { useSession } from './session.ts';

/** For props with a documented set of values: what they may be. */
export type Choices<Props> = { readonly [Name in NameOf<Props>]?: readonly ValueOf<Props, Name>[] };

/** Across all forms of a component that takes one of several sets of props. */
type NameOf<Props> = Props extends unknown ? keyof Props : never;
type ValueOf<Props, Name> = Props extends unknown ? (Name extends keyof Props ? Props[Name] : never) : never;

/** A component of HubSpot's as this page draws it. The props are as the card sent them: text from another thread. */
export type HostedComponent = ComponentType<Record<string, unknown>>;

/**
 * Puts a check before a component: a value outside the documented set is drawn as the default and said loudly, because
 * HubSpot would refuse or ignore it.
 */
export function hosted<Props extends object>(
  name: string,
  Drawn: ComponentType<Props>,
  choices: Choices<Props> = {},
): [string, HostedComponent] {
  const allowed = Object.entries(choices) as [string, readonly unknown[]][];
  function Hosted(given: Record<string, unknown>) {
    const { report, appName } = useSession();
    const wrong = allowed.filter(([prop, values]) => given[prop] !== undefined && !values.includes(given[prop]));
    const complaint = wrong
      .map(([prop, values]) => `${name} has no ${prop} "${String(given[prop])}"; it takes ${values.join(', ')}.`)
      .join(' ');
    useEffect(() => {
      if (complaint) report({ code: 'unknown_variant', message: `${appName}'s card: ${complaint}` });
    }, [complaint]);
    const props = { ...given };
    for (const [prop] of wrong) delete props[prop];
    return <Drawn {...(props as Props)} />;
  }
  Hosted.displayName = name;
  return [name, Hosted];
}

/** Stands for a component this page does not have. */
export function unknownComponent(name: string): HostedComponent {
  return function Unknown() {
    const { report, appName } = useSession();
    useEffect(() => {
      report({ code: 'unknown_component', message: `${appName}'s card uses <${name}>, which this page cannot show.` });
    }, []);
    return null;
  };
}

/** The attribute with which tests find a component. */
export function testAttribute({ testId }: { testId?: string }): { 'data-test-id'?: string } {
  return testId ? { 'data-test-id': testId } : {};
}

/** Joins class names, leaving out what is not there. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
