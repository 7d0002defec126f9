//! What is generated: all resource types of these services, or a part of them.

/// A service: the middle part of `AWS::Lambda::Function`, and the resource types wanted of it.
pub struct Service {
    /// AWS's name.
    pub name: &'static str,
    /// The resource types, if not all.
    pub only: Option<&'static [&'static str]>,
}

impl Service {
    const fn all(name: &'static str) -> Self {
        Self { name, only: None }
    }

    /// The module, and the stem of the files.
    pub fn module(&self) -> String {
        self.name.to_lowercase()
    }

    /// The APIs behind it, as botocore calls them; `fetch.sh` lists them too.
    pub fn apis(&self) -> Vec<String> {
        match self.name {
            "Cognito" => vec!["cognito-idp".to_owned(), "cognito-identity".to_owned()],
            "S3" => vec!["s3".to_owned(), "s3control".to_owned()],
            _ => vec![self.module()],
        }
    }

    /// Whether `AWS::<service>::<resource>` is one of those wanted.
    pub fn wants(&self, type_name: &str) -> bool {
        let mut parts = type_name.split("::");
        parts.next() == Some("AWS")
            && parts.next() == Some(self.name)
            && parts.next().is_some_and(|resource| self.only.is_none_or(|only| only.contains(&resource)))
    }
}

/// The services, in the order of their modules.
///
/// cfn-lint's schemas have every type of these that CloudFormation's registry has. `aws-service-spec` knows the
/// same ones at the pinned versions, or fewer; `main` fails where it knows one that would be left out unseen.
pub const SERVICES: &[Service] = &[
    Service::all("ApiGateway"),
    Service::all("ApiGatewayV2"),
    Service::all("CloudFormation"),
    Service::all("CloudWatch"),
    Service::all("Cognito"),
    Service::all("DynamoDB"),
    // Of EC2's 124 types those that a network is made of; machines are not what these stacks run on.
    Service {
        name: "EC2",
        only: Some(&[
            "EIP",
            "EIPAssociation",
            "EgressOnlyInternetGateway",
            "FlowLog",
            "GatewayRouteTableAssociation",
            "InternetGateway",
            "NatGateway",
            "NetworkAcl",
            "NetworkAclEntry",
            "Route",
            "RouteTable",
            "SecurityGroup",
            "SecurityGroupEgress",
            "SecurityGroupIngress",
            "Subnet",
            "SubnetCidrBlock",
            "SubnetNetworkAclAssociation",
            "SubnetRouteTableAssociation",
            "VPC",
            "VPCCidrBlock",
            "VPCEndpoint",
            "VPCGatewayAttachment",
        ]),
    },
    Service::all("Events"),
    Service::all("IAM"),
    Service::all("KMS"),
    Service::all("Lambda"),
    Service::all("Logs"),
    Service::all("RDS"),
    Service::all("S3"),
    Service::all("SNS"),
    Service::all("SQS"),
    Service::all("SecretsManager"),
    Service::all("StepFunctions"),
];

/// Types that `aws-service-spec` knows, cfn-lint's schemas do not, and AWS has retired.
pub const RETIRED: &[&str] = &[];
