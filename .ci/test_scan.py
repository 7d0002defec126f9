"""The weighing of findings against waivers."""

import unittest

from scan import Finding, Waiver, faults, waivers

LIMIT = Finding("Render", "CKV_AWS_115", "Ensure a limit of concurrent executions")
PATTERN = Finding("RenderRole", "AwsSolutions-IAM5[Resource::<Reports.Arn>/*]", "Wildcard")
ANYTHING = Finding("RenderRole", "AwsSolutions-IAM5[Resource::*]", "Wildcard")
ACTION = Finding("RenderRole", "AwsSolutions-IAM5[Action::s3:*]", "Wildcard")
MANAGED = Finding(
    "RenderRole", "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess]", "Managed"
)
BROKEN = Finding("Render", "CdkNagValidationFailure[AwsSolutions-L1]", "The runtime is an intrinsic")


class Scan(unittest.TestCase):
    def test_a_finding_that_nothing_waives_is_a_fault(self) -> None:
        self.assertEqual(
            list(faults([LIMIT], [])), ["`Render` fails CKV_AWS_115: Ensure a limit of concurrent executions"]
        )

    def test_a_reasoned_waiver_covers_its_finding(self) -> None:
        self.assertEqual(list(faults([LIMIT], [Waiver("Render", "CKV_AWS_115", "The API throttles calls")])), [])

    def test_a_waiver_does_not_speak_for_another_resource(self) -> None:
        found = list(faults([LIMIT], [Waiver("Sign", "CKV_AWS_115", "The API throttles calls")]))
        self.assertEqual([fault.split(",")[0] for fault in found[1:]], ["`Sign` waives CKV_AWS_115"])
        self.assertEqual(len(found), 2)

    def test_a_waiver_without_a_reason_is_a_fault(self) -> None:
        for reason in ("", " ", "false positive"):
            self.assertEqual(
                list(faults([LIMIT], [Waiver("Render", "CKV_AWS_115", reason)])),
                [f"`Render` waives CKV_AWS_115 for {reason!r}; expected a reason of some words"],
            )

    def test_a_waiver_of_nothing_is_a_fault(self) -> None:
        self.assertEqual(
            list(faults([], [Waiver("Render", "CKV_AWS_115", "The API throttles calls")])),
            ["`Render` waives CKV_AWS_115, which finds nothing there; expected no such waiver"],
        )

    def test_a_bare_rule_covers_patterns_below_a_resource_only(self) -> None:
        bare = Waiver("RenderRole", "AwsSolutions-IAM5", "Each execution has its key")
        self.assertTrue(bare.covers(PATTERN))
        for finding in (ANYTHING, ACTION):
            self.assertFalse(bare.covers(finding))
            self.assertTrue(Waiver("RenderRole", finding.rule, "These actions take no resource").covers(finding))
        self.assertFalse(Waiver("RenderRole", "AwsSolutions-IAM4", "It is what AWS asks for").covers(MANAGED))

    def test_a_waiver_of_a_rule_does_not_cover_that_the_rule_threw(self) -> None:
        self.assertFalse(Waiver("Render", "AwsSolutions-L1", "The runtime is chosen on deployment").covers(BROKEN))
        self.assertFalse(Waiver("Render", "CdkNagValidationFailure", "Rules cannot read intrinsics").covers(BROKEN))
        self.assertTrue(Waiver("Render", BROKEN.rule, "The runtime is chosen on deployment").covers(BROKEN))

    def test_the_three_forms_of_waivers_are_read(self) -> None:
        metadata = {
            "checkov": {"skip": [{"id": "CKV_AWS_116", "comment": "The caller sees failures"}, {"id": "CKV_AWS_117"}]},
            "cdk_nag": {"rules_to_suppress": [{"id": "AwsSolutions-L1", "reason": "Tested on that version"}]},
        }
        self.assertEqual(
            list(
                waivers(
                    {"Resources": {"Plain": {}, "Render": {"Metadata": metadata}}},
                    {"Render": {"CKV_AWS_115": "The API throttles calls"}},
                )
            ),
            [
                Waiver("Render", "CKV_AWS_115", "The API throttles calls"),
                Waiver("Render", "CKV_AWS_116", "The caller sees failures"),
                Waiver("Render", "CKV_AWS_117", ""),
                Waiver("Render", "AwsSolutions-L1", "Tested on that version"),
            ],
        )


if __name__ == "__main__":
    unittest.main()
