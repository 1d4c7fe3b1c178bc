import { addFrameAround } from './add-frame.ts'
import { addNoteHere } from './add-note.ts'
import { alignCommands } from './align.ts'
import { arrowKeys } from './arrow-keys.ts'
import { cancelNode } from './cancel-node.ts'
import { chosenRowsCommands } from './chosen-rows.ts'
import { clearSelection } from './clear-selection.ts'
import type { Command } from './command.ts'
import { commandPalette } from './command-palette.ts'
import { connectTo } from './connect-to.ts'
import { copy } from './copy.ts'
import { createPipeline } from './create-pipeline.ts'
import { cut } from './cut.ts'
import { deleteKeepChain } from './delete-keep-chain.ts'
import { deleteSelection } from './delete-selection.ts'
import { duplicate } from './duplicate.ts'
import { exportPipeline } from './export-pipeline.ts'
import { exportReport } from './export-report.ts'
import { finishNode } from './finish-node.ts'
import { fit } from './fit.ts'
import { goToRooms } from './go-to-room.ts'
import { leaveGroup } from './leave-group.ts'
import { makeIndependent } from './make-independent.ts'
import { nameState } from './name-state.ts'
import { nextProblem, previousProblem } from './next-problem.ts'
import { open } from './open.ts'
import { openCustomNodes } from './open-custom-nodes.ts'
import { openGroup } from './open-group.ts'
import { openSettings } from './open-settings.ts'
import { openSweeps } from './open-sweeps.ts'
import { packGroup } from './pack-group.ts'
import { paste } from './paste.ts'
import { quickInsert } from './quick-insert.ts'
import { redo } from './redo.ts'
import { rename } from './rename.ts'
import { replaceBy } from './replace-by.ts'
import { run } from './run.ts'
import { runToHere } from './run-to-here.ts'
import { runWithoutCache } from './run-without-cache.ts'
import { save } from './save.ts'
import { selectAll } from './select-all.ts'
import { selectWire } from './select-wire.ts'
import { showHistory } from './show-history.ts'
import { showKeys } from './show-keys.ts'
import { showLineage } from './show-lineage.ts'
import { stop } from './stop.ts'
import { takeTour } from './take-tour.ts'
import { tidy } from './tidy.ts'
import { toggleDock } from './toggle-dock.ts'
import { toggleInspector } from './toggle-inspector.ts'
import { toggleOutline } from './toggle-outline.ts'
import { togglePalette } from './toggle-palette.ts'
import { toggleTheme } from './toggle-theme.ts'
import { undo } from './undo.ts'
import { unpackGroup } from './unpack-group.ts'
import { zoomActual } from './zoom-actual.ts'
import { zoomIn } from './zoom-in.ts'
import { zoomOut } from './zoom-out.ts'

/** Everything a user can do, in the order of menus. Where two share a key, the first that can be done now wins. */
export const commands: readonly Command[] = [
  run,
  runToHere,
  runWithoutCache,
  stop,
  cancelNode,
  finishNode,
  openSweeps,
  quickInsert,
  replaceBy,
  connectTo,
  openGroup,
  openSettings,
  rename,
  undo,
  redo,
  showHistory,
  nameState,
  copy,
  cut,
  paste,
  duplicate,
  deleteSelection,
  deleteKeepChain,
  selectAll,
  packGroup,
  unpackGroup,
  makeIndependent,
  ...chosenRowsCommands,
  clearSelection,
  leaveGroup,
  addNoteHere,
  addFrameAround,
  openCustomNodes,
  tidy,
  ...alignCommands,
  fit,
  zoomIn,
  zoomOut,
  zoomActual,
  createPipeline,
  open,
  save,
  exportPipeline,
  exportReport,
  commandPalette,
  showKeys,
  takeTour,
  togglePalette,
  toggleOutline,
  toggleInspector,
  toggleDock,
  toggleTheme,
  showLineage,
  selectWire,
  nextProblem,
  previousProblem,
  ...arrowKeys,
  ...goToRooms,
]
