/** What is typed on the server to have the EMR examined; the same in every language. */
import classes from './AboutScreen.module.css'

export function DoctorCommand() {
  return (
    <code className={classes.command} dir="ltr">
      qasid doctor
    </code>
  )
}
