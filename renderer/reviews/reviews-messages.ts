/** What the reviews room says. */
export const reviewsMessages = {
  title: 'Reviews',
  reading: 'Reading…',
  without: (reports: string) => `${reports} without a review`,
  drop: 'Drop review files here',
  choose: 'or choose them: the files that a report saved, ending in .review.json',
  savedAs: (name: string) => `Saved as ${name}. Send it to the reviewer.`,
  notSaved: 'Nothing was saved.',
  saveReport: 'Save the report',
  run: (id: string) => `run ${id}`,
  openRun: 'Open run',
  waitingLabel: 'Waiting',
  waiting: 'Waiting for a person',
  noneWaits: 'No report waits. A pipeline with a fairness report puts one here.',
  cameBack: 'Came back',
  notJson: (name: string) => `${name} is not a review file: its text is not JSON.`,
  notJsonCure: 'Choose the file that the report saved; its name ends in .review.json',
  imported: (reviewer: string, role: string, decision: string, run: string) =>
    `${reviewer}${role && `, ${role},`} ${decision} run ${run}. The review is in the lineage.`,
}
