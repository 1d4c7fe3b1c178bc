/** How long ago, in words. */
export const timeMessages = {
  locale: 'en-GB',
  now: 'just now',
  minutesAgo: (minutes: number) => `${minutes} min ago`,
  yesterday: 'yesterday',
}
