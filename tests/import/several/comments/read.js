// A comment of JavaScript
# no comment of YAML
exports.handler = async () => ({});
