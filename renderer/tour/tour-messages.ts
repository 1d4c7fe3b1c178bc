/** What the tour of a first pipeline says. */
export const tourMessages = {
  title: 'Your first pipeline',
  start: 'Take the tour',
  how: 'A model in six steps, a minute or two, on applications for loans that are made up here.',
  step: (number: number, all: number) => `Step ${number} of ${all}`,
  doIt: 'Do it for me',
  end: 'End the tour',
  close: 'Close',
  pipeline: 'First pipeline',
  steps: {
    data: {
      title: 'Bring in data',
      text: 'Every pipeline begins with rows. Click **Example data** in the list on the left: it makes applications for loans. Your own file comes in with Read file.',
    },
    split: {
      title: 'Set rows aside',
      text: 'Add **Split** and draw a wire from the round dot of Example data to it. A model must be judged by rows it has never seen; Split keeps some back.',
    },
    learn: {
      title: 'Train a model',
      text: 'Add **Linear model** and wire Split to its table. It finds the target by itself, since the columns are known before anything has run.',
    },
    judge: {
      title: 'Judge it',
      text: 'Add **Evaluate**. It takes the model, and the rows from Split: draw both wires. Ports that fit light up while you draw.',
    },
    run: {
      title: 'Run',
      text: 'Press **Run**. Each node shows what it found, and keeps it: change something later, and only what depends on it runs again.',
    },
    look: {
      title: 'Look at the result',
      text: 'Select **Evaluate** and open the tab **Result** on the right: figures with intervals on rows the model has never seen.',
    },
  },
  done: 'That is a whole pipeline. The tab Advice below says what an expert would still ask for, a baseline first, and adds it with a click.',
} as const
