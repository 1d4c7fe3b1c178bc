/** Cases could not be written. */
export class QueueAway extends Error {}
