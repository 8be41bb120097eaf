"""What happens to a submission: received, checked, accepted or returned, signed off, withdrawn, replaced, redacted.

    submitting ──▶ receiving       file, submission, event: one transaction; then the receipt
               ├─▶ checking        in a worker, on the stored bytes
               └─▶ judging         verdict, records, the events that follow: a second transaction
    deciding                       what a reviewer or a submitter does with it later
    parties                        who submits, and which datasets they have

A process that is killed between the two transactions leaves the submission `received`; `submitting.work` takes it up.
"""
