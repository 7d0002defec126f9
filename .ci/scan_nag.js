// Prints as JSON what cdk-nag's AwsSolutions pack says of a CloudFormation template: {resources, passed, findings}.
// Its own suppressions are not used: .ci/scan.py weighs findings against the waivers beside the template.

const { App, CfnResource, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");
const { AwsSolutionsChecks, NagRuleCompliance } = require("cdk-nag");

class Judge extends AwsSolutionsChecks {
  passed = 0;
  findings = [];

  // The pack's own report neither counts what passed nor tells a rule that threw from one that found something.
  applyRule({ node, rule, ruleSuffixOverride, info }) {
    const id = `${this.packName}-${ruleSuffixOverride ?? rule.name}`;
    const found = (rule, message) => this.findings.push({ resource: node.node.id, rule, message });
    let result;
    try {
      result = rule(node);
    } catch (error) {
      found(`CdkNagValidationFailure[${id}]`, error.message);
      return;
    }
    if (Array.isArray(result)) result.forEach((part) => found(`${id}[${part}]`, info));
    else if (result === NagRuleCompliance.NON_COMPLIANT) found(id, info);
    else if (result === NagRuleCompliance.COMPLIANT) this.passed += 1;
  }
}

const template = new CfnInclude(new Stack(new App({ analyticsReporting: false })), "Template", {
  templateFile: process.argv[2],
});
const judge = new Judge();
judge.validateScope(template);
const resources = template.node.findAll().filter(CfnResource.isCfnResource).length;
console.log(JSON.stringify({ resources, passed: judge.passed, findings: judge.findings }));
