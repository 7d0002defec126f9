//! What in a template is connected to by its address: databases, caches, proxies.

use std::fmt;

use crate::{
    check::{
        read::{named, number, resource},
        subject::Subject,
    },
    json::Json,
};

/// A port, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) struct Port<'a> {
    /// The resource whose port it is.
    pub of: Option<&'a str>,
    pub number: Option<u16>,
}

impl Port<'_> {
    pub const HTTPS: Self = Self { of: None, number: Some(443) };
}

impl fmt::Display for Port<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "port {number}"),
            None => f.write_str("its port"),
        }
    }
}

/// Where a type says what somebody needs to know to connect.
pub(in crate::check) struct Kind {
    pub type_name: &'static str,
    /// The attributes that are its address, or have it.
    addresses: &'static [&'static str],
    port_attribute: &'static str,
    port: &'static str,
    /// The port that it has otherwise.
    default_port: fn(&Json) -> Option<u16>,
    /// The property that lists its security groups.
    pub groups: &'static str,
    /// The property that lists its subnets, or names a subnet group.
    pub subnets: &'static str,
    /// The property of a subnet group that lists them; none where `subnets` lists them itself.
    pub subnet_group: Option<(&'static str, &'static str)>,
}

const RDS_SUBNETS: Option<(&str, &str)> = Some(("AWS::RDS::DBSubnetGroup", "SubnetIds"));
const CACHE_SUBNETS: Option<(&str, &str)> = Some(("AWS::ElastiCache::SubnetGroup", "SubnetIds"));

pub(in crate::check) static KINDS: [Kind; 11] = [
    Kind {
        type_name: "AWS::RDS::DBCluster",
        addresses: &["Endpoint.Address", "ReadEndpoint.Address"],
        port_attribute: "Endpoint.Port",
        port: "Port",
        default_port: |cluster| match cluster["Engine"].as_str()? {
            "aurora" | "aurora-mysql" | "mysql" => Some(3306),
            // AWS says two different things of Aurora PostgreSQL.
            _ => None,
        },
        groups: "VpcSecurityGroupIds",
        subnets: "DBSubnetGroupName",
        subnet_group: RDS_SUBNETS,
    },
    Kind {
        type_name: "AWS::RDS::DBInstance",
        addresses: &["Endpoint.Address"],
        port_attribute: "Endpoint.Port",
        port: "Port",
        default_port: |instance| match instance["Engine"].as_str()?.to_ascii_lowercase().split('-').next()? {
            "mysql" | "mariadb" => Some(3306),
            "postgres" => Some(5432),
            "oracle" => Some(1521),
            "sqlserver" => Some(1433),
            _ => None,
        },
        groups: "VPCSecurityGroups",
        subnets: "DBSubnetGroupName",
        subnet_group: RDS_SUBNETS,
    },
    Kind {
        type_name: "AWS::RDS::DBProxy",
        addresses: &["Endpoint"],
        port_attribute: "",
        port: "",
        default_port: |proxy| match proxy["EngineFamily"].as_str()? {
            "MYSQL" => Some(3306),
            "POSTGRESQL" => Some(5432),
            "SQLSERVER" => Some(1433),
            _ => None,
        },
        groups: "VpcSecurityGroupIds",
        subnets: "VpcSubnetIds",
        subnet_group: None,
    },
    Kind {
        type_name: "AWS::ElastiCache::CacheCluster",
        addresses: &["RedisEndpoint.Address", "ConfigurationEndpoint.Address"],
        port_attribute: "RedisEndpoint.Port",
        port: "Port",
        default_port: |cache| match cache["Engine"].as_str()? {
            "redis" | "valkey" => Some(6379),
            "memcached" => Some(11_211),
            _ => None,
        },
        groups: "VpcSecurityGroupIds",
        subnets: "CacheSubnetGroupName",
        subnet_group: CACHE_SUBNETS,
    },
    Kind {
        type_name: "AWS::ElastiCache::ReplicationGroup",
        addresses: &["PrimaryEndPoint.Address", "ReaderEndPoint.Address", "ConfigurationEndPoint.Address"],
        port_attribute: "PrimaryEndPoint.Port",
        port: "Port",
        default_port: |_| Some(6379),
        groups: "SecurityGroupIds",
        subnets: "CacheSubnetGroupName",
        subnet_group: CACHE_SUBNETS,
    },
    Kind {
        type_name: "AWS::ElastiCache::ServerlessCache",
        addresses: &["Endpoint.Address"],
        port_attribute: "Endpoint.Port",
        port: "",
        default_port: |cache| match cache["Engine"].as_str()? {
            "redis" | "valkey" => Some(6379),
            _ => None,
        },
        groups: "SecurityGroupIds",
        subnets: "SubnetIds",
        subnet_group: None,
    },
    Kind {
        type_name: "AWS::DocDB::DBCluster",
        addresses: &["Endpoint", "ReadEndpoint"],
        port_attribute: "Port",
        port: "Port",
        default_port: |_| Some(27_017),
        groups: "VpcSecurityGroupIds",
        subnets: "DBSubnetGroupName",
        subnet_group: Some(("AWS::DocDB::DBSubnetGroup", "SubnetIds")),
    },
    Kind {
        type_name: "AWS::Neptune::DBCluster",
        addresses: &["Endpoint", "ReadEndpoint"],
        port_attribute: "Port",
        port: "DBPort",
        default_port: |_| Some(8182),
        groups: "VpcSecurityGroupIds",
        subnets: "DBSubnetGroupName",
        subnet_group: Some(("AWS::Neptune::DBSubnetGroup", "SubnetIds")),
    },
    Kind {
        type_name: "AWS::Redshift::Cluster",
        addresses: &["Endpoint.Address"],
        port_attribute: "Endpoint.Port",
        port: "Port",
        default_port: |_| Some(5439),
        groups: "VpcSecurityGroupIds",
        subnets: "ClusterSubnetGroupName",
        subnet_group: Some(("AWS::Redshift::ClusterSubnetGroup", "SubnetIds")),
    },
    Kind {
        type_name: "AWS::MemoryDB::Cluster",
        addresses: &["ClusterEndpoint.Address"],
        port_attribute: "ClusterEndpoint.Port",
        port: "Port",
        default_port: |_| Some(6379),
        groups: "SecurityGroupIds",
        subnets: "SubnetGroupName",
        subnet_group: Some(("AWS::MemoryDB::SubnetGroup", "SubnetIds")),
    },
    Kind {
        type_name: "AWS::OpenSearchService::Domain",
        addresses: &["DomainEndpoint"],
        port_attribute: "",
        port: "",
        default_port: |_| Some(443),
        groups: "VPCOptions/SecurityGroupIds",
        subnets: "VPCOptions/SubnetIds",
        subnet_group: None,
    },
];

/// Something that is connected to.
#[derive(Clone, Copy)]
pub(in crate::check) struct Database<'a> {
    pub id: &'a str,
    pub kind: &'static Kind,
    pub properties: &'a Json,
}

impl<'a> Database<'a> {
    pub fn find(subject: &Subject<'a>, id: &'a str) -> Option<Self> {
        let resource = resource(subject, id)?;
        let kind = KINDS.iter().find(|kind| resource["Type"] == kind.type_name)?;
        Some(Self { id, kind, properties: &resource["Properties"] })
    }

    /// The database whose address an attribute gives.
    pub fn at(subject: &Subject<'a>, id: &'a str, attribute: &str) -> Option<Self> {
        Self::find(subject, id).filter(|database| database.kind.addresses.contains(&attribute))
    }

    /// A property, by a path with `/`.
    pub fn property(&self, path: &str) -> &'a Json {
        path.split('/').fold(self.properties, |json, name| &json[name])
    }

    pub fn port(&self) -> Port<'a> {
        let given = match self.kind.port {
            "" => &Json::Null,
            name => self.property(name),
        };
        // A snapshot brings its port, and a replica that of its source.
        let copied =
            ["SnapshotIdentifier", "DBSnapshotIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"]
                .iter()
                .any(|name| !self.properties[name].is_null());
        let number = match given {
            Json::Null if copied => None,
            Json::Null => (self.kind.default_port)(self.properties),
            given => number(given).and_then(|port| u16::try_from(port).ok()),
        };
        Port { of: Some(self.id), number }
    }
}

/// The port of the database that a value names.
pub(in crate::check) fn port_of<'a>(subject: &Subject<'a>, json: &'a Json) -> Option<Port<'a>> {
    let (id, attribute) = named(json)?;
    let database = Database::find(subject, id)?;
    (attribute? == database.kind.port_attribute).then(|| database.port())
}
